/* Connects H5P to the Waymark page around it: state in, statements, state and size out, by postMessage only. */
(function () {
  'use strict';

  var H5P = window.H5P;
  var applications = JSON.parse(document.getElementById('waymark-host').textContent).applications;
  var application = null;
  var lastState = null;
  var saving = null;
  var SAVE_AFTER_MS = 400;

  function tell(kind, data) {
    var message = Object.assign({ waymark: 1, kind: kind }, data);
    // Before the page has spoken we do not know which of our names it has; "ready" holds nothing secret.
    window.parent.postMessage(message, application || '*');
  }

  function save() {
    window.clearTimeout(saving);
    saving = null;
    var instance = H5P.instances[0];
    if (!instance || typeof instance.getCurrentState !== 'function') return;
    var state;
    try {
      state = JSON.stringify(instance.getCurrentState());
    } catch (error) {
      return;
    }
    keep(state);
  }

  function keep(state) {
    if (state === undefined || state === lastState) return;
    lastState = state;
    tell('state', { state: state });
  }

  function saveSoon() {
    window.clearTimeout(saving);
    saving = window.setTimeout(save, SAVE_AFTER_MS);
  }

  // Listening comes before H5P.init(), or the first statements are lost.
  H5P.externalDispatcher.on('xAPI', function (event) {
    tell('statement', { statement: event.data.statement });
    saveSoon();
  });

  // H5P saves by itself every few seconds and when it is closed; send that the same way.
  H5P.setUserData = function (contentId, dataType, data, options) {
    if (dataType !== 'state' || (options && options.subContentId)) return;
    try {
      keep(JSON.stringify(data));
    } catch (error) {
      if (options && options.errorCallback) options.errorCallback(error);
    }
  };
  H5P.deleteUserData = function () {};
  H5P.setFinished = function () {};

  function begin(state) {
    if (typeof state === 'string') {
      lastState = state;
      window.H5PIntegration.contents['cid-1'].contentUserData = [{ state: state }];
    }
    try {
      H5P.init(document.body);
    } catch (error) {
      tell('failed', { message: String(error && error.message) });
      return;
    }
    if (!H5P.instances.length) {
      tell('failed', { message: 'The content could not be started.' });
      return;
    }
    watchSize();
    watchFocus();
    tell('started', {});
  }

  // The frame grows to its content, so it is the page that scrolls. When content moves the focus and grows at the same
  // time, the browser scrolls the frame as it was; say where the focus is once the page has given the new height.
  function watchFocus() {
    document.addEventListener('focusin', function () {
      window.setTimeout(function () {
        var element = document.activeElement;
        if (!element || element === document.body) return;
        var box = element.getBoundingClientRect();
        tell('focus', { top: box.top + window.scrollY, bottom: box.bottom + window.scrollY });
      }, 120);
    });
  }

  function watchSize() {
    var last = 0;
    function measure() {
      var height = Math.ceil(document.querySelector('.h5p-content').getBoundingClientRect().bottom + window.scrollY);
      if (Math.abs(height - last) < 2) return;
      last = height;
      tell('size', { height: height });
    }
    new ResizeObserver(measure).observe(document.querySelector('.h5p-content'));
    window.addEventListener('resize', function () {
      H5P.instances.forEach(function (instance) { H5P.trigger(instance, 'resize'); });
    });
    measure();
  }

  window.addEventListener('message', function (event) {
    if (event.source !== window.parent || applications.indexOf(event.origin) < 0) return;
    var message = event.data;
    if (!message || message.waymark !== 1 || message.kind !== 'start' || application) return;
    application = event.origin;
    begin(message.state);
  });

  window.addEventListener('pagehide', save);
  H5P.jQuery(function () { tell('ready', {}); });
})();
