'use strict';
// Draws the figures of the chosen run as SVG. Figures: see HtmlReport.data. No library, no network.
const data = JSON.parse(document.getElementById('data').textContent);
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#444444',
  '#332288', '#882255', '#999933', '#aaaaaa', '#663300'];
const tip = document.getElementById('tip');
const pick = { run: document.getElementById('run'), figure: document.getElementById('figure'),
  scale: document.getElementById('scale') };

const escaped = text => String(text).replace(/[&<>"]/g, c => '&#' + c.charCodeAt(0) + ';');
const number = value => value.toLocaleString('en', { maximumSignificantDigits: Math.abs(value) >= 1000 ? 6 : 4 });
const short = value => Math.abs(value) >= 1e6 ? number(value / 1e6) + ' M' : Math.abs(value) >= 1e4 ? number(value / 1e3) + ' k' : number(value);
const percentile = inverse => number(100 * (1 - 1 / inverse)) + ' %';
const color = index => colors[index % colors.length];
const fixed = value => value.toFixed(1);

// A scale maps values to 0..1 and knows its ticks.
function linearScale(low, high, count) {
  const rough = (high - low || 1) / count, power = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = power * [1, 2, 5, 10].find(factor => factor * power >= rough);
  const first = Math.floor(low / step), last = Math.max(Math.ceil(high / step), first + 1), to = last * step;
  // Below zero there is seldom much: the axis need not reach down to a tick.
  const from = low < 0 ? Math.max(first * step, low - 0.05 * (to - low)) : first * step;
  const ticks = [];
  for (let i = Math.ceil(from / step - 1e-9); i <= last; i++) ticks.push(Number((i * step).toPrecision(12)));
  return { at: value => (value - from) / (to - from), ticks: ticks };
}

function logScale(low, high, tight) {
  const from = tight ? Math.log10(low) : Math.floor(Math.log10(low) + 1e-9);
  const to = Math.max(tight ? Math.log10(high) : Math.ceil(Math.log10(high) - 1e-9), from + (tight ? 0.3 : 1));
  const ticks = [];
  for (let power = Math.ceil(from - 1e-9); power <= to + 1e-9; power++) ticks.push(Math.pow(10, power));
  return { at: value => (Math.log10(value) - from) / (to - from), ticks: ticks };
}

function valueScale(figure, log, count) {
  const all = figure.series.flatMap(series => series.points.map(point => point[1])).filter(y => !log || y > 0);
  if (!all.length) all.push(1);
  const high = Math.max(...all), low = Math.min(...all);
  // A bar of the lowest value must still be seen: the axis begins below it.
  return log ? logScale(figure.categories.length ? low * 0.999 : low, high, false) : linearScale(Math.min(0, low), Math.max(0, high), count);
}

function text(x, y, content, anchor) {
  return '<text x="' + fixed(x) + '" y="' + fixed(y) + '" text-anchor="' + (anchor || 'start') + '">' + escaped(content) + '</text>';
}

function line(x1, y1, x2, y2) {
  return '<line x1="' + fixed(x1) + '" y1="' + fixed(y1) + '" x2="' + fixed(x2) + '" y2="' + fixed(y2) + '" stroke="#d8dee4"/>';
}

// The interval of a value. An end beyond the axis is cut off and has no stop.
function whisker(x1, x2, left, right, y) {
  const stop = x => x < left || x > right ? '' : 'M' + fixed(x) + ' ' + fixed(y - 3) + 'v6';
  return '<path d="M' + fixed(Math.max(left, x1)) + ' ' + fixed(y) + 'H' + fixed(Math.min(right, x2)) + stop(x1) + stop(x2)
    + '" fill="none" stroke="#1b1f24"/>';
}

// Both drawers return the SVG's content, its height and its marks: what the pointer finds, with the text to show.
function drawLines(figure, log, width) {
  const height = Math.min(360, Math.max(240, width * 0.6)), left = 58, right = width - 14, top = 12, bottom = height - 40;
  const xs = figure.series.flatMap(series => series.points.map(point => point[0]));
  const x = figure.percentiles ? logScale(Math.min(...xs), Math.max(...xs), true)
    : linearScale(Math.min(...xs), Math.max(...xs), Math.max(2, Math.floor(width / 130)));
  const y = valueScale(figure, log, 5);
  const px = value => left + x.at(value) * (right - left), py = value => bottom - y.at(value) * (bottom - top);
  const xText = value => figure.percentiles ? percentile(value) : short(value);
  let content = '';
  for (const tick of y.ticks) content += line(left, py(tick), right, py(tick)) + text(left - 6, py(tick) + 4, short(tick), 'end');
  const every = Math.ceil(x.ticks.length * 62 / (right - left));
  x.ticks.forEach((tick, i) => {
    content += line(px(tick), top, px(tick), bottom);
    const atEdge = px(tick) > right - 20;
    if (i % every === 0) content += text(atEdge ? width - 1 : px(tick), bottom + 16, xText(tick), atEdge ? 'end' : 'middle');
  });
  content += text((left + right) / 2, height - 6, figure.xTitle, 'middle');
  const marks = [];
  figure.series.forEach((series, index) => {
    const shown = series.points.filter(point => !log || point[1] > 0);
    const path = shown.map((point, i) => (i ? 'L' : 'M') + fixed(px(point[0])) + ' ' + fixed(py(point[1]))).join('');
    content += '<path class="mark" d="' + path + '" fill="none" stroke-width="2" stroke="' + color(index) + '"/>';
    for (const point of shown) {
      if (!figure.percentiles || shown.length < 12) {
        content += '<circle cx="' + fixed(px(point[0])) + '" cy="' + fixed(py(point[1])) + '" r="3" fill="' + color(index) + '"/>';
      }
      marks.push({ x: px(point[0]), y: py(point[1]),
        text: series.name + ', ' + xText(point[0]) + ': ' + number(point[1]) + ' ' + figure.yTitle });
    }
  });
  return { content: content, height: height, marks: marks };
}

// Lying bars: names of any length have room above them, on a phone too.
function drawBars(figure, log, width) {
  const left = 4, right = width - 22, thick = figure.series.length > 2 ? 11 : 15, top = 4;
  const value = valueScale(figure, log, Math.max(2, Math.floor(width / 110)));
  const px = y => left + value.at(y) * (right - left);
  const start = log ? left : px(0);
  let at = top, bars = '';
  const marks = [];
  figure.categories.forEach((category, group) => {
    bars += text(left, at + 12, category);
    at += 17;
    figure.series.forEach((series, index) => {
      for (const point of series.points.filter(each => each[0] === group)) {
        const drawn = !log || point[1] > 0, exact = drawn ? px(point[1]) : start;
        const end = drawn && Math.abs(exact - start) < 1 ? start + 1 : exact;
        bars += '<rect class="mark" x="' + fixed(Math.min(start, end)) + '" y="' + fixed(at) + '" width="'
          + fixed(Math.abs(end - start)) + '" height="' + (thick - 2) + '" fill="' + color(index) + '"/>';
        if (drawn && point.length > 2) {
          const low = point[1] - point[2];
          bars += whisker(log && low <= 0 ? left - 1 : px(low), px(point[1] + point[2]), left, right, at + thick / 2 - 1);
        }
        marks.push({ x: end, y: at + thick / 2, bar: true, text: category + (figure.series.length > 1 ? ', ' + series.name : '')
          + ': ' + number(point[1]) + (point.length > 2 ? ' ± ' + number(point[2]) : '') + ' ' + figure.yTitle });
        at += thick;
      }
    });
    at += 7;
  });
  let axis = '';
  for (const tick of value.ticks) axis += line(px(tick), top, px(tick), at) + text(px(tick), at + 14, short(tick), px(tick) < left + 20 ? 'start' : 'middle');
  if (start > left) axis += '<path d="M' + fixed(start) + ' ' + top + 'V' + fixed(at) + '" stroke="#57606a"/>';
  axis += text((left + right) / 2, at + 32, figure.yTitle + (log ? ', logarithmic' : ''), 'middle');
  return { content: axis + bars, height: at + 38, marks: marks };
}

function draw(figure, into) {
  const log = pick.scale.value === 'suited' ? figure.log : pick.scale.value === 'log';
  const box = document.createElement('figure');
  box.dataset.figure = figure.id;
  into.append(box);
  const width = Math.floor(into.clientWidth < 1064 ? into.clientWidth : (into.clientWidth - 20) / (into.dataset.single ? 1 : 2));
  const drawn = (figure.categories.length ? drawBars : drawLines)(figure, log, width);
  const legend = figure.series.length < 2 ? '' : '<ul class="legend">' + figure.series.map((series, index) =>
    '<li><i style="background:' + color(index) + '"></i>' + escaped(series.name) + '</li>').join('') + '</ul>';
  const unit = figure.categories.length ? '' : '<p>' + escaped(figure.yTitle + (log ? ', logarithmic' : '')) + '</p>';
  box.innerHTML = '<figcaption>' + escaped(figure.title) + '</figcaption>' + unit + legend + '<svg role="img" aria-label="'
    + escaped(figure.title) + '" width="' + width + '" height="' + fixed(drawn.height) + '">' + drawn.content + '</svg>';
  const svg = box.querySelector('svg');
  const show = event => {
    const frame = svg.getBoundingClientRect(), x = event.clientX - frame.left, y = event.clientY - frame.top;
    const far = mark => mark.bar ? Math.abs(mark.y - y) * 1e3 + Math.abs(mark.x - x) : Math.hypot(mark.x - x, mark.y - y);
    const nearest = drawn.marks.reduce((best, mark) => best && far(best) <= far(mark) ? best : mark, null);
    if (nearest) {
      tip.textContent = nearest.text;
      tip.hidden = false;
      const room = document.documentElement.clientWidth - tip.offsetWidth - 4;
      tip.style.left = Math.max(4, Math.min(room, event.clientX + 12)) + 'px';
      tip.style.top = Math.max(4, event.clientY - tip.offsetHeight - 10) + 'px';
    }
  };
  svg.addEventListener('pointermove', show);
  svg.addEventListener('pointerdown', show);
  svg.addEventListener('pointerleave', () => { tip.hidden = true; });
}

function figuresOf(name) {
  const run = data.runs.find(each => each.name === name);
  return run ? run.figures : [];
}

function drawAll() {
  tip.hidden = true;
  const wanted = pick.figure.value;
  const fill = (into, figures) => {
    const shown = figures.filter(figure => wanted === '' || figure.id === wanted);
    into.textContent = '';
    into.dataset.single = shown.length === 1 ? 'yes' : '';
    for (const figure of shown) draw(figure, into);
  };
  fill(document.querySelector('#history .figures'), data.history);
  for (const section of document.querySelectorAll('section.run')) {
    section.hidden = section.dataset.run !== pick.run.value;
    if (section.hidden) section.querySelector('.figures').textContent = '';
    else fill(section.querySelector('.figures'), figuresOf(section.dataset.run));
  }
}

function offerFigures() {
  const before = pick.figure.value, figures = data.history.concat(figuresOf(pick.run.value));
  pick.figure.textContent = '';
  pick.figure.append(new Option('all', ''));
  for (const figure of figures) pick.figure.append(new Option(figure.title, figure.id));
  pick.figure.value = figures.some(figure => figure.id === before) ? before : '';
}

for (const run of data.runs) pick.run.append(new Option(run.name, run.name));
document.getElementById('choice').hidden = false;
pick.run.addEventListener('change', () => { offerFigures(); drawAll(); });
pick.figure.addEventListener('change', drawAll);
pick.scale.addEventListener('change', drawAll);
let drawnWidth = 0;
window.addEventListener('resize', () => {
  if (document.documentElement.clientWidth !== drawnWidth) {
    drawnWidth = document.documentElement.clientWidth;
    drawAll();
  }
});
offerFigures();
drawnWidth = document.documentElement.clientWidth;
drawAll();
