/* The question of one page: what is asked, what was answered, what that scores. No markup, no events. */
var H5P = H5P || {};

H5P.WaymarkLessonQuestion = (function () {
  'use strict';

  /**
   * @param {object} params question of content.json: prompt, answers [{text, correct, feedback}], explanation
   * @param {object} [state] what getState returned earlier
   */
  function Question(params, state) {
    this.prompt = params.prompt || '';
    this.answers = params.answers;
    this.explanation = params.explanation || '';
    this.rights = indexes(this.answers, function (answer) { return answer.correct === true; });
    this.isMany = this.rights.length > 1;
    this.reset();
    if (state) this.restore(state);
  }

  /** Whether a page of content.json asks something: two answers at least, one of them right. */
  Question.isOne = function (params) {
    return Boolean(params) && Array.isArray(params.answers) && params.answers.length > 1 &&
      params.answers.some(function (answer) { return answer && answer.correct === true; });
  };

  Question.prototype.reset = function () {
    this.chosen = [];
    this.isChecked = false;
  };

  Question.prototype.choose = function (index, isChosen) {
    if (this.isChecked) return;
    var others = this.chosen.filter(function (other) { return other !== index; });
    if (!this.isMany) others = [];
    this.chosen = isChosen ? others.concat(index).sort(byNumber) : others;
  };

  Question.prototype.isRight = function () {
    return this.isChecked && this.chosen.length === this.rights.length &&
      this.chosen.every(function (index) { return this.rights.indexOf(index) >= 0; }, this);
  };

  /** All right is 1 point, anything else 0: half-right is not right where children's data are concerned. */
  Question.prototype.score = function () {
    return this.isRight() ? 1 : 0;
  };

  Question.prototype.getState = function () {
    return { chosen: this.chosen, checked: this.isChecked };
  };

  Question.prototype.restore = function (state) {
    var length = this.answers.length;
    var chosen = Array.isArray(state.chosen) ? state.chosen : [];
    this.chosen = chosen.filter(function (index) {
      return Number.isInteger(index) && index >= 0 && index < length;
    });
    if (!this.isMany) this.chosen = this.chosen.slice(0, 1);
    this.isChecked = state.checked === true && this.chosen.length > 0;
  };

  function indexes(list, test) {
    return list.map(function (item, index) { return test(item) ? index : -1; })
      .filter(function (index) { return index >= 0; });
  }

  function byNumber(a, b) {
    return a - b;
  }

  return Question;
})();
