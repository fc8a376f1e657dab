// Search on the index, "/" as its key on every page, and moving and zooming of large diagrams. All is readable without it.
'use strict';
(function () {
  var root = document.documentElement.dataset.root;
  var search = document.getElementById('search');
  document.addEventListener('keydown', function (event) {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /INPUT|TEXTAREA/.test(event.target.tagName)) return;
    event.preventDefault();
    if (search) search.focus();
    else location.href = root + 'index.html#search';
  });

  if (search) {
    var rows = Array.prototype.map.call(document.querySelectorAll('tbody tr'), function (row) {
      return { row: row, text: (row.textContent + ' ' + (row.dataset.words || '')).toLowerCase() };
    });
    var filter = function () {
      var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      var matches = 0;
      rows.forEach(function (own) {
        own.row.hidden = !words.every(function (word) { return own.text.includes(word); });
        if (!own.row.hidden) matches++;
      });
      document.querySelectorAll('section').forEach(function (section) {
        var table = section.querySelector('tbody');
        if (table) section.hidden = !table.querySelector('tr:not([hidden])');
      });
      document.getElementById('matches').value = words.length ? matches + (matches === 1 ? ' match' : ' matches') : '';
    };
    search.parentElement.hidden = false;
    search.addEventListener('input', filter);
    filter();
    if (location.hash === '#search') search.focus();
  }

  document.querySelectorAll('.diagram.large').forEach(function (box) {
    var svg = box.querySelector('svg');
    var width = Number(svg.getAttribute('width')), height = Number(svg.getAttribute('height'));
    var scale, x, y;
    var show = function () { svg.style.transform = 'translate(' + x + 'px,' + y + 'px) scale(' + scale + ')'; };
    var fit = function () {
      scale = Math.min(1, box.clientWidth / width, box.clientHeight / height);
      x = (box.clientWidth - width * scale) / 2;
      y = (box.clientHeight - height * scale) / 2;
      show();
    };
    var zoom = function (factor, atX, atY) {
      var next = Math.min(4, Math.max(0.02, scale * factor));
      x = atX - (atX - x) * next / scale;
      y = atY - (atY - y) * next / scale;
      scale = next;
      show();
    };
    var middle = function (factor) { zoom(factor, box.clientWidth / 2, box.clientHeight / 2); };
    var bar = document.createElement('p');
    bar.className = 'zoom';
    [['Zoom in', function () { middle(1.25); }], ['Zoom out', function () { middle(0.8); }], ['Fit', fit]].forEach(function (own) {
      var button = document.createElement('button');
      button.type = 'button';
      button.textContent = own[0];
      button.addEventListener('click', own[1]);
      bar.append(button, ' ');
    });
    box.before(bar);
    box.classList.add('live');
    box.addEventListener('wheel', function (event) {
      event.preventDefault();
      var edge = box.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 400), event.clientX - edge.left, event.clientY - edge.top);
    }, { passive: false });
    var last = null;
    box.addEventListener('pointerdown', function (event) {
      if (event.button === 0 && !event.target.closest('a')) { last = event; box.setPointerCapture(event.pointerId); }
    });
    box.addEventListener('pointermove', function (event) {
      if (!last) return;
      x += event.clientX - last.clientX;
      y += event.clientY - last.clientY;
      last = event;
      show();
    });
    ['pointerup', 'pointercancel'].forEach(function (name) { box.addEventListener(name, function () { last = null; }); });
    box.addEventListener('keydown', function (event) {
      var step = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
      if (step && event.target === box) { x += step[0]; y += step[1]; show(); event.preventDefault(); }
      else if (event.key === '+') middle(1.25);
      else if (event.key === '-') middle(0.8);
      else if (event.key === '0') fit();
    });
    // A box that is reached with the tabulator key is moved into sight.
    box.addEventListener('focusin', function (event) {
      var edge = box.getBoundingClientRect(), own = event.target.getBoundingClientRect();
      box.scrollTo(0, 0);
      if (event.target === box) return;
      if (own.left < edge.left || own.right > edge.right) x += edge.left + 20 - own.left;
      if (own.top < edge.top || own.bottom > edge.bottom) y += edge.top + 20 - own.top;
      show();
    });
    window.addEventListener('beforeprint', function () { svg.style.transform = ''; box.classList.remove('live'); });
    window.addEventListener('afterprint', function () { box.classList.add('live'); show(); });
    fit();
  });
})();
