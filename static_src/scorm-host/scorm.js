/* Gives SCORM units the run-time they look for, and tells the Waymark page around it what they say.
 *
 * Units find window.API (1.2) or window.API_1484_11 (2004) here, in their parent. What they keep goes to the page as one
 * state for the whole package; when every unit is done, one statement says so. Only the server decides what counts.
 */
(function () {
  "use strict";

  var config = JSON.parse(document.getElementById("waymark-scorm").textContent);
  var is2004 = config.kind === "scorm2004";
  var frame = document.querySelector("[data-unit]");
  var list = document.querySelector("[data-units]");
  var application = null;
  var kept = { n: 0, current: config.units[0].key, units: {} };
  var api = null;
  var open = null;
  var saving = null;
  var lastSaved = "";
  var isTold = false;
  var isLeaving = false;
  var lastWords = "";
  var SAVE_AFTER_MS = 300;
  var DONE = { completed: true, passed: true };

  function tell(kind, data) {
    window.parent.postMessage(Object.assign({ waymark: 1, kind: kind }, data), application || "*");
  }

  function unitOf(key) {
    return config.units.find(function (unit) { return unit.key === key; }) || config.units[0];
  }

  function number(text) {
    var value = text === "" || text === null || text === undefined ? NaN : Number(text);
    return Number.isFinite(value) ? value : null;
  }

  // --- What one unit has said -----------------------------------------------------------------

  function readUnit(unit) {
    // As text and back: some fields are write-only for whoever asks for them one by one.
    var cmi = JSON.parse(JSON.stringify(api.cmi));
    var score = is2004 ? cmi.score : cmi.core.score;
    var raw = number(score.raw);
    var most = number(score.max);
    var scaled = is2004 ? number(score.scaled) : null;
    if (scaled === null && raw !== null) scaled = raw / (most || 100);
    var status = is2004 ? cmi.completion_status : cmi.core.lesson_status;
    var success = is2004 ? cmi.success_status : status;
    if (!is2004 && unit.mastery !== null && raw !== null && (DONE[status] || status === "failed")) {
      success = raw >= unit.mastery ? "passed" : "failed";
    }
    var passed = success === "passed" ? true : success === "failed" ? false : null;
    return {
      cmi: cmi,
      suspended: (is2004 ? cmi.exit : cmi.core.exit) === "suspend",
      done: passed !== false && Boolean(DONE[status] || passed),
      passed: passed,
      scaled: scaled === null ? null : Math.min(Math.max(scaled, 0), 1),
    };
  }

  function take(isEnd) {
    if (!api || !open) return;
    var before = kept.units[open.key];
    kept.units[open.key] = readUnit(open);
    // How long it took in all is counted once, when a go ends.
    kept.units[open.key].time = isEnd ? api.cmi.getCurrentTotalTime() : before ? before.time : undefined;
    save();
    if (isLeaving) sayLast();
    showUnits();
  }

  function save() {
    window.clearTimeout(saving);
    saving = null;
    var units = JSON.stringify([kept.current, kept.units]);
    if (units !== lastSaved) {
      lastSaved = units;
      kept.n += 1;
      tell("state", { state: JSON.stringify(kept) });
    }
    var statement = outcome();
    if (statement && !isTold) {
      isTold = true;
      tell("statement", { statement: statement });
    }
  }

  function saveSoon() {
    if (saving === null) saving = window.setTimeout(function () { take(false); }, SAVE_AFTER_MS);
  }

  // --- The whole package ----------------------------------------------------------------------

  function outcome() {
    var said = config.units.map(function (unit) { return kept.units[unit.key]; });
    if (!said.every(function (unit) { return unit && unit.done; })) return null;
    var scores = said.filter(function (unit) { return unit.scaled !== null; });
    var hasPassed = said.some(function (unit) { return unit.passed === true; });
    var result = { completion: true };
    if (scores.length) {
      var sum = scores.reduce(function (total, unit) { return total + unit.scaled; }, 0);
      result.score = { raw: Math.round((10000 * sum) / scores.length) / 100, min: 0, max: 100 };
    }
    return {
      verb: { id: "http://adlnet.gov/expapi/verbs/" + (hasPassed ? "passed" : "completed") },
      object: { id: "urn:waymark:package" },
      result: result,
    };
  }

  // --- Starting a unit ------------------------------------------------------------------------

  function makeApi(unit) {
    var made = new (is2004 ? window.Scorm2004API : window.Scorm12API)({
      autocommit: false,
      lmsCommitUrl: false,
      logLevel: 5,
      mastery_override: false,
      selfReportSessionTime: true,
    });
    var before = kept.units[unit.key];
    if (before && before.cmi) {
      try {
        made.loadFromJSON(forAnotherGo(before), "cmi");
      } catch {
        // A state that an older run-time wrote is no reason not to start.
      }
    }
    var core = is2004 ? made.cmi : made.cmi.core;
    try {
      if (is2004) { core.learner_id = "learner"; core.learner_name = "Learner"; core.mode = "normal"; core.credit = "credit"; }
      else { core.student_id = "learner"; core.student_name = "Learner"; core.lesson_mode = "normal"; core.credit = "credit"; }
      if (before && before.time) core.total_time = before.time;
      core.entry = before && before.suspended ? "resume" : before ? "" : "ab-initio";
      if (unit.launch_data) made.cmi.launch_data = unit.launch_data;
      if (!is2004 && unit.mastery !== null) made.cmi.student_data.mastery_score = String(unit.mastery);
    } catch {
      // Some versions of the run-time refuse a field that is already set; nothing rests on it.
    }
    var prefix = is2004 ? "" : "LMS";
    made.on(prefix + "SetValue.cmi.*", saveSoon);
    made.on(prefix + "Commit", function () { take(false); });
    made.on(is2004 ? "Terminate" : "LMSFinish", function () { take(true); });
    return made;
  }

  function forAnotherGo(before) {
    // Interactions and comments are the unit's journal of one go; lists do not load back into the run-time.
    var cmi = JSON.parse(JSON.stringify(before.cmi));
    ["interactions", "comments", "comments_from_learner", "comments_from_lms"].forEach(function (name) { delete cmi[name]; });
    if (cmi.core) { delete cmi.core.session_time; delete cmi.core.exit; }
    delete cmi.session_time;
    delete cmi.exit;
    return cmi;
  }

  function start(key) {
    if (open) take(false);
    open = unitOf(key);
    kept.current = open.key;
    api = makeApi(open);
    if (is2004) window.API_1484_11 = api;
    else window.API = api;
    frame.title = open.title;
    frame.src = open.address;
    showUnits();
  }

  frame.addEventListener("load", function () {
    if (open && open.is_asset) {
      kept.units[open.key] = { cmi: null, suspended: false, done: true, passed: null, scaled: null };
      save();
      showUnits();
    }
  });

  // --- What is around the unit ----------------------------------------------------------------

  function showUnits() {
    if (config.units.length < 2) return;
    list.hidden = false;
    var rows = document.createElement("ol");
    rows.append.apply(rows, config.units.map(function (unit, place) {
      var item = document.createElement("li");
      var button = document.createElement("button");
      var said = kept.units[unit.key];
      button.type = "button";
      button.textContent = place + 1 + ". " + unit.title + (said && said.done ? " (done)" : "");
      if (open && unit.key === open.key) button.setAttribute("aria-current", "true");
      button.addEventListener("click", function () {
        start(unit.key);
        list.querySelectorAll("button")[place].focus();
      });
      item.append(button);
      return item;
    }));
    list.replaceChildren(rows);
    resize();
  }

  function resize() {
    var unit = document.fullscreenElement ? window.innerHeight - 80 : Math.min(Math.max(window.innerWidth * 0.65, 440), 820);
    frame.style.height = Math.round(unit) + "px";
    tell("size", { height: Math.ceil(document.body.getBoundingClientRect().height) });
  }

  document.querySelector("[data-full]").addEventListener("click", function () {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(function () {});
  });
  document.addEventListener("fullscreenchange", function () {
    document.querySelector("[data-full]").textContent = document.fullscreenElement ? "Leave full screen" : "Full screen";
    resize();
  });
  window.addEventListener("resize", resize);

  // --- The page around us ---------------------------------------------------------------------

  window.addEventListener("message", function (event) {
    if (event.source !== window.parent || config.applications.indexOf(event.origin) < 0) return;
    var message = event.data;
    if (typeof message !== "object" || message === null || message.waymark !== 1 || message.kind !== "start") return;
    if (application) return;
    application = event.origin;
    lastWords = typeof message.last_words === "string" ? message.last_words : "";
    try {
      var before = JSON.parse(message.state || "null");
      if (before && typeof before === "object" && before.units) kept = { n: Number(before.n) || 0, current: before.current, units: before.units };
    } catch {
      // Nothing that can be read: begin at the beginning.
    }
    lastSaved = JSON.stringify([kept.current, kept.units]);
    isTold = Boolean(outcome());
    start(kept.current);
    tell("started", {});
    resize();
  });

  // The last thing many units say is said while the page goes away, when no message arrives any more. Ours may go before
  // the unit's own end or after it, so what the unit then says is sent as well; what was known already is not kept twice.
  window.addEventListener("pagehide", function () {
    if (!api || !lastWords) return;
    isLeaving = true;
    take(false);
  });

  function sayLast() {
    kept.n += 1;
    navigator.sendBeacon(lastWords, JSON.stringify({ state: JSON.stringify(kept), statement: outcome() }));
  }

  tell("ready", {});
})();
