/* Runs before anything of H5P: gives an opaque sandbox the few things that content takes for granted. */
(function () {
  'use strict';

  // An opaque origin throws on storage and cookies; packages that merely look at them would stop. Nothing is kept.
  function shelf() {
    var items = new Map();
    var storage = {
      getItem: function (key) { return items.has(String(key)) ? items.get(String(key)) : null; },
      setItem: function (key, value) { items.set(String(key), String(value)); },
      removeItem: function (key) { items.delete(String(key)); },
      clear: function () { items.clear(); },
      key: function (index) { return Array.from(items.keys())[index] || null; },
    };
    Object.defineProperty(storage, 'length', { get: function () { return items.size; } });
    return storage;
  }

  ['localStorage', 'sessionStorage'].forEach(function (name) {
    Object.defineProperty(window, name, { value: shelf(), configurable: true });
  });
  Object.defineProperty(document, 'cookie', {
    get: function () { return ''; },
    set: function () {},
    configurable: true,
  });

  window.H5PIntegration = JSON.parse(document.getElementById('waymark-integration').textContent);
  // start.js begins when the page has handed over the saved state. externalEmbed must not be false: H5P would then
  // reach into the parent window, which is not ours to touch.
  window.H5P = { preventInit: true, externalEmbed: true };
})();
