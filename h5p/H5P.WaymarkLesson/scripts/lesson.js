/* A lesson: pages to read, questions to answer, a review at the end. Plain elements, so that every aid works. */
var H5P = H5P || {};

H5P.WaymarkLesson = (function (Question, Statements) {
  'use strict';

  var WORDS = {
    page: 'Page @page of @pages',
    previous: 'Previous',
    next: 'Next',
    check: 'Check answer',
    right: 'Correct',
    wrong: 'Not quite',
    chooseOne: 'Choose one answer.',
    chooseMany: 'Choose all that apply.',
    nothingChosen: 'Choose an answer first.',
    yourAnswer: 'Your answer',
    rightAnswer: 'Right answer',
    review: 'Check your work',
    reviewText: 'Look through your answers. You can go back to any question before you finish.',
    notAnswered: 'Not answered yet',
    change: 'Go to this page',
    finish: 'Finish lesson',
    result: 'You have finished this lesson',
    score: 'You answered @score of @max questions correctly.',
    noScore: 'You have read all of it.',
    again: 'Start again',
    progress: 'Progress through this lesson',
  };

  /**
   * @param {object} params content.json
   * @param {number} contentId
   * @param {object} [extras] previousState: what getCurrentState returned
   */
  function Lesson(params, contentId, extras) {
    H5P.EventDispatcher.call(this);
    this.contentId = contentId;
    this.extras = extras;
    this.words = Object.assign({}, WORDS, params.words);
    this.statements = new Statements(this);
    var state = (extras && extras.previousState) || {};
    var answers = Array.isArray(state.answers) ? state.answers : [];
    this.pages = (params.pages || []).map(function (page, index) {
      return {
        heading: page.heading || '',
        text: page.text || '',
        question: Question.isOne(page.question) ? new Question(page.question, answers[index]) : null,
      };
    });
    this.at = Number.isInteger(state.page) ? Math.min(Math.max(state.page, 0), this.pages.length) : 0;
    this.isFinished = state.finished === true;
    this.hasMoved = this.at > 0;
  }

  Lesson.prototype = Object.create(H5P.EventDispatcher.prototype);
  Lesson.prototype.constructor = Lesson;

  /* ---- What a host asks of any H5P content ---------------------------------------------------------------- */

  Lesson.prototype.attach = function ($container) {
    this.root = $container.get ? $container.get(0) : $container;
    this.root.classList.add('h5p-waymark-lesson');
    this.draw();
  };

  Lesson.prototype.getCurrentState = function () {
    if (!this.hasMoved && !this.getAnswerGiven()) return undefined;
    return {
      page: this.at,
      finished: this.isFinished,
      answers: this.pages.map(function (page) { return page.question ? page.question.getState() : null; }),
    };
  };

  Lesson.prototype.getScore = function () {
    return this.questions().reduce(function (sum, question) { return sum + question.score(); }, 0);
  };

  Lesson.prototype.getMaxScore = function () {
    return this.questions().length;
  };

  Lesson.prototype.getAnswerGiven = function () {
    return this.questions().some(function (question) { return question.chosen.length > 0; });
  };

  Lesson.prototype.resetTask = function () {
    this.questions().forEach(function (question) { question.reset(); });
    this.isFinished = false;
    this.go(0);
  };

  Lesson.prototype.showSolutions = function () {
    this.questions().forEach(function (question) { question.isChecked = true; });
    this.draw();
  };

  Lesson.prototype.getTitle = function () {
    return (this.extras && this.extras.metadata && this.extras.metadata.title) || this.words.review;
  };

  /* ---- Moving --------------------------------------------------------------------------------------------- */

  Lesson.prototype.questions = function () {
    return this.pages.filter(function (page) { return page.question; })
      .map(function (page) { return page.question; });
  };

  Lesson.prototype.go = function (to) {
    this.at = Math.min(Math.max(to, 0), this.pages.length);
    this.hasMoved = true;
    this.draw();
    this.root.querySelector('[data-heading]').focus();
    this.statements.progressed(Math.min(this.at + 1, this.pages.length));
  };

  Lesson.prototype.check = function (page) {
    var question = page.question;
    if (!question.chosen.length) {
      this.root.querySelector('[data-problem]').textContent = this.words.nothingChosen;
      this.root.querySelector('input').focus();
      this.trigger('resize');
      return;
    }
    question.isChecked = true;
    this.statements.answered(question, this.pages.indexOf(page));
    this.draw();
    this.root.querySelector('[data-verdict]').focus();
  };

  Lesson.prototype.finish = function () {
    this.isFinished = true;
    this.hasMoved = true;
    this.draw();
    this.root.querySelector('[data-heading]').focus();
    // A lesson without questions still has to say that it is done: one point for reading it.
    var max = this.getMaxScore();
    this.statements.completed(max ? this.getScore() : 1, max || 1);
  };

  /* ---- Drawing: the whole page anew; there is little of it ------------------------------------------------- */

  Lesson.prototype.draw = function () {
    var parts = this.at < this.pages.length ? this.drawPage(this.pages[this.at]) : this.drawReview();
    this.root.replaceChildren(make('div', { class: 'wml' }, parts));
    this.trigger('resize');
  };

  Lesson.prototype.drawPage = function (page) {
    return [
      this.drawProgress(),
      make('h2', { class: 'wml-heading', tabindex: '-1', 'data-heading': '' }, [Statements.plain(page.heading)]),
      rich('div', 'wml-text', page.text),
      page.question ? this.drawQuestion(page) : null,
      this.drawMoves(page),
    ];
  };

  Lesson.prototype.drawProgress = function () {
    var words = fill(this.words.page, { page: this.at + 1, pages: this.pages.length });
    var bar = make('progress', {
      class: 'wml-bar', max: String(this.pages.length), value: String(this.at + 1), 'aria-label': this.words.progress,
    }, []);
    return make('div', { class: 'wml-progress' }, [make('p', { class: 'wml-count' }, [words]), bar]);
  };

  Lesson.prototype.drawQuestion = function (page) {
    var lesson = this;
    var question = page.question;
    var hint = question.isMany ? this.words.chooseMany : this.words.chooseOne;
    var field = make('fieldset', { class: 'wml-question' }, [
      make('legend', { class: 'wml-legend' }, [
        make('span', { class: 'wml-prompt' }, [Statements.plain(question.prompt)]),
        question.isChecked ? null : make('span', { class: 'wml-hint' }, [hint]),
      ]),
    ].concat(question.answers.map(function (answer, index) {
      return lesson.drawAnswer(question, answer, index);
    })));
    if (question.isChecked) return make('div', {}, [field, this.drawVerdict(question)]);
    // No <form>: hosts that sandbox content do not let forms submit. Enter checks, as it would in one.
    field.addEventListener('keydown', function (event) {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      lesson.check(page);
    });
    return make('div', {}, [
      field,
      make('p', { class: 'wml-problem', role: 'alert', 'data-problem': '' }, []),
      button(this.words.check, 'wml-button', function () { lesson.check(page); }),
    ]);
  };

  Lesson.prototype.drawAnswer = function (question, answer, index) {
    var id = 'wml-' + this.contentId + '-' + this.at + '-' + index;
    var input = make('input', {
      type: question.isMany ? 'checkbox' : 'radio', name: 'wml-' + this.contentId + '-' + this.at,
      id: id, class: 'wml-input', value: String(index),
    }, []);
    var isChosen = question.chosen.indexOf(index) >= 0;
    input.checked = isChosen;
    input.disabled = question.isChecked;
    var root = this.root;
    input.addEventListener('change', function () {
      question.choose(index, input.checked);
      root.querySelector('[data-problem]').textContent = '';
    });
    var row = [input, make('label', { class: 'wml-label', for: id }, [Statements.plain(answer.text)])];
    if (question.isChecked) row = row.concat(this.drawMarks(question, answer, index, isChosen));
    var isRight = question.rights.indexOf(index) >= 0;
    var tone = !question.isChecked ? '' : isRight ? ' wml-answer--right' : isChosen ? ' wml-answer--wrong' : '';
    return make('div', { class: 'wml-answer' + tone }, row);
  };

  Lesson.prototype.drawMarks = function (question, answer, index, isChosen) {
    var isRight = question.rights.indexOf(index) >= 0;
    var tags = [];
    if (isChosen) tags.push(make('span', { class: 'wml-tag' }, [this.words.yourAnswer]));
    if (isRight) tags.push(make('span', { class: 'wml-tag wml-tag--right' }, [this.words.rightAnswer]));
    var parts = tags.length ? [make('p', { class: 'wml-tags' }, tags)] : [];
    if (answer.feedback && (isChosen || isRight)) {
      parts.push(make('p', { class: 'wml-feedback' }, [Statements.plain(answer.feedback)]));
    }
    return parts;
  };

  Lesson.prototype.drawVerdict = function (question) {
    var isRight = question.isRight();
    var box = make('div', { class: 'wml-verdict ' + (isRight ? 'wml-verdict--right' : 'wml-verdict--wrong') }, [
      make('h3', { class: 'wml-verdict-title', tabindex: '-1', 'data-verdict': '' }, [
        make('span', { class: 'wml-mark', 'aria-hidden': 'true' }, [isRight ? '✓' : '✗']),
        isRight ? this.words.right : this.words.wrong,
      ]),
      question.explanation ? rich('div', 'wml-text', question.explanation) : null,
    ]);
    return box;
  };

  Lesson.prototype.drawMoves = function (page) {
    var lesson = this;
    var isAsked = page.question && !page.question.isChecked;
    return make('nav', { class: 'wml-moves', 'aria-label': this.words.progress }, [
      this.at > 0 ? button(this.words.previous, 'wml-button wml-button--quiet', function () { lesson.go(lesson.at - 1); }) : null,
      button(this.words.next, isAsked ? 'wml-button wml-button--quiet' : 'wml-button', function () { lesson.go(lesson.at + 1); }),
    ]);
  };

  Lesson.prototype.drawReview = function () {
    var lesson = this;
    var max = this.getMaxScore();
    var said = max ? fill(this.words.score, { score: this.getScore(), max: max }) : this.words.noScore;
    var heading = this.isFinished ? this.words.result : this.words.review;
    var rows = this.pages.map(function (page, index) {
      return page.question ? lesson.drawReviewRow(page, index) : null;
    });
    return [
      make('h2', { class: 'wml-heading', tabindex: '-1', 'data-heading': '' }, [heading]),
      make('p', { class: this.isFinished ? 'wml-lead' : 'wml-text' }, [this.isFinished ? said : max ? this.words.reviewText : said]),
      max ? make('ol', { class: 'wml-review' }, rows) : null,
      make('div', { class: 'wml-moves' }, this.isFinished
        ? [button(this.words.again, 'wml-button wml-button--quiet', function () { lesson.resetTask(); })]
        : [
          button(this.words.previous, 'wml-button wml-button--quiet', function () { lesson.go(lesson.pages.length - 1); }),
          button(this.words.finish, 'wml-button', function () { lesson.finish(); }),
        ]),
    ];
  };

  Lesson.prototype.drawReviewRow = function (page, index) {
    var lesson = this;
    var question = page.question;
    var isRight = question.isRight();
    var words = !question.isChecked ? this.words.notAnswered : isRight ? this.words.right : this.words.wrong;
    var tone = !question.isChecked ? '' : isRight ? ' wml-tag--right' : ' wml-tag--wrong';
    var again = null;
    if (!this.isFinished) {
      again = button(this.words.change, 'wml-link', function () { lesson.go(index); });
      again.append(make('span', { class: 'wml-hidden' }, [': ' + Statements.plain(page.heading)]));
    }
    return make('li', { class: 'wml-review-row' }, [
      make('span', { class: 'wml-review-name' }, [Statements.plain(page.heading)]),
      make('span', { class: 'wml-tag' + tone }, [words]),
      again,
    ]);
  };

  /* ---- Elements ------------------------------------------------------------------------------------------- */

  function make(tag, attributes, children) {
    var element = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    children.forEach(function (child) { if (child !== null && child !== undefined) element.append(child); });
    return element;
  }

  function button(text, className, act) {
    var element = make('button', { type: 'button', class: className }, [text]);
    element.addEventListener('click', act);
    return element;
  }

  /* Text of the "html" fields, which the host has filtered as semantics.json says. */
  function rich(tag, className, html) {
    var element = make(tag, { class: className }, []);
    element.innerHTML = html;
    return element;
  }

  function fill(sentence, values) {
    return sentence.replace(/@(\w+)/g, function (all, name) { return name in values ? values[name] : all; });
  }

  return Lesson;
})(H5P.WaymarkLessonQuestion, H5P.WaymarkLessonStatements);
