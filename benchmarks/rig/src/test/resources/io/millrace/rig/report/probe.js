// Put at the end of the page by ReportPageTest: uses it as a reader would, and writes down what it found.
(() => {
  const choose = (id, value) => {
    const select = document.getElementById(id);
    select.value = value;
    select.dispatchEvent(new Event('change'));
  };
  const seen = { width: window.innerWidth, errors: window.probeErrors, figures: [] };
  for (const run of data.runs) {
    choose('run', run.name);
    for (const scale of ['suited', 'linear', 'log']) {
      choose('scale', scale);
      for (const box of document.querySelectorAll('#history figure, section.run:not([hidden]) figure')) {
        const svg = box.querySelector('svg'), frame = svg.getBoundingClientRect();
        svg.dispatchEvent(new PointerEvent('pointermove', { clientX: frame.left + frame.width / 2, clientY: frame.top + frame.height / 2 }));
        seen.figures.push({ run: run.name, scale: scale, id: box.dataset.figure, marks: box.querySelectorAll('.mark').length,
          outside: [...box.querySelectorAll('.mark, path')].filter(mark => { const at = mark.getBoundingClientRect();
            return at.left < frame.left - 1 || at.right > frame.right + 1; }).length,
          broken: /NaN|Infinity|undefined|width="-/.test(svg.outerHTML), right: Math.ceil(frame.right), tip: tip.hidden ? '' : tip.textContent });
        svg.dispatchEvent(new PointerEvent('pointerleave'));
      }
    }
  }
  choose('figure', 'history');
  seen.chosen = [...document.querySelectorAll('figure')].map(box => box.dataset.figure);
  choose('figure', '');
  seen.overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  seen.shownRuns = [...document.querySelectorAll('section.run:not([hidden])')].map(section => section.dataset.run);
  console.log('probe: done');
  const result = window.top.document.createElement('script');
  result.type = 'application/json';
  result.id = 'probe';
  result.textContent = JSON.stringify(seen);
  window.top.document.body.append(result);
})();
