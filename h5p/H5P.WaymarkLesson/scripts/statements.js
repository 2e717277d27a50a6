/* What the lesson tells its host by xAPI: "answered" for each question, "progressed" for each page, "completed" at the end. */
var H5P = H5P || {};

H5P.WaymarkLessonStatements = (function () {
  'use strict';

  /** @param {object} lesson the H5P content instance */
  function Statements(lesson) {
    this.lesson = lesson;
  }

  /** Say that a question was answered, as a part of the lesson and never as the lesson itself. */
  Statements.prototype.answered = function (question, number) {
    var lesson = this.lesson;
    var part = {
      contentId: lesson.contentId,
      subContentId: partId(number),
      parent: lesson,
      libraryInfo: lesson.libraryInfo,
      getTitle: function () { return plain(question.prompt).slice(0, 250); },
    };
    var event = new H5P.XAPIEvent();
    event.setActor();
    event.setVerb('answered');
    event.setObject(part);
    event.setContext(part);
    event.setScoredResult(question.score(), 1, part, true, question.isRight());
    describe(event.data.statement, question);
    lesson.trigger(event);
  };

  Statements.prototype.progressed = function (page) {
    var event = this.lesson.createXAPIEventTemplate('progressed');
    var definition = event.data.statement.object.definition;
    definition.extensions = definition.extensions || {};
    definition.extensions['http://id.tincanapi.com/extension/ending-point'] = page;
    this.lesson.trigger(event);
  };

  Statements.prototype.completed = function (score, max) {
    this.lesson.triggerXAPIScored(score, max, 'completed', true, score === max);
  };

  function describe(statement, question) {
    var definition = statement.object.definition;
    definition.interactionType = 'choice';
    definition.type = 'http://adlnet.gov/expapi/activities/cmi.interaction';
    definition.description = { 'en-US': plain(question.prompt) };
    definition.choices = question.answers.map(function (answer, index) {
      return { id: String(index), description: { 'en-US': plain(answer.text) } };
    });
    definition.correctResponsesPattern = [question.rights.join('[,]')];
    statement.result.response = question.chosen.join('[,]');
  }

  /* A part needs an id in UUID form; its number makes it the same on every visit. */
  function partId(number) {
    return '00000000-0000-4000-8000-' + ('000000000000' + number.toString(16)).slice(-12);
  }

  /* H5P stores plain text with entities. DOMParser reads it without running anything. */
  function plain(text) {
    return new DOMParser().parseFromString(String(text || ''), 'text/html').body.textContent;
  }

  Statements.plain = plain;
  return Statements;
})();
