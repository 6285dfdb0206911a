// Brings the report to life: charts, tables behind them, theme, print. '#print' in the address draws it for paper at once;
// '#theme=dark' or '#theme=light' gives it the theme of the page that embeds it, also later on.
(function () {
  'use strict';

  const run = JSON.parse(document.getElementById('run').textContent);
  const root = document.documentElement;
  const forPaper = location.hash === '#print';
  if (forPaper) paper(true);
  else themeOfAddress();

  const panels = [...document.querySelectorAll('[data-chart]')].map((element) => {
    const kind = element.dataset.chart;
    // A wide strip has its caption and its legend on one line.
    const oneLine = element.parentElement.classList.contains('strip') && element.clientWidth >= 600;
    const options = { lang: run.lang, axis: !element.dataset.noaxis, legend: oneLine ? 'right' : 'left', paper: forPaper };
    const points = kind === 'percentiles' ? run.percentiles : kind === 'sendingError' ? run.timing : kind === 'phases' ? run.phases : kind.startsWith('search') ? run.search : element.dataset.tracks ? tracked(element.dataset) : run.points;
    const chart = PressureCharts.create(element, kind, options);
    chart.setPoints(points);
    chart.setEvents(run.events);
    const details = element.parentElement.querySelector('details');
    details.addEventListener('toggle', () => {
      const place = details.querySelector('div');
      if (details.open && place.childElementCount === 0) PressureCharts.table(place, kind, points, options);
    });
    return chart;
  });

  // The points of one subject with all its figures, or of several with one figure each.
  function tracked({ tracks, figure }) {
    const chosen = tracks.split(',').map((place) => run.tracks[place]);
    const points = run.points.map((p) => ({ second: p.second, warmUp: p.warmUp }));
    const fill = (values, put) => points.forEach((p, i) => put(p, values[i]));
    if (!figure) for (const [name, values] of Object.entries(chosen[0].columns)) fill(values, (p, v) => { p[name] = v; });
    else for (const { name, columns } of chosen) {
      fill(columns[figure] ?? [], (p, v) => { (p.lines ??= {})[name] = v; });
      if (figure === 'pause') fill(columns.full ?? [], (p, v) => { (p.fulls ??= {})[name] = v; });
    }
    return points;
  }

  const resize = () => panels.forEach((p) => p.resize());
  let pending = 0;
  addEventListener('resize', () => { cancelAnimationFrame(pending); pending = requestAnimationFrame(resize); });

  // Paper is white and of one width, whatever the screen is.
  function paper(on) {
    root.classList.toggle('paper', on);
    if (on) root.dataset.screenTheme = root.dataset.theme ?? '';
    const theme = on ? 'light' : root.dataset.screenTheme;
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
  }

  if (!forPaper) {
    addEventListener('beforeprint', () => { paper(true); resize(); });
    addEventListener('afterprint', () => { paper(false); resize(); });
  }

  function themeOfAddress() {
    const asked = /^#theme=(dark|light)$/.exec(location.hash);
    if (asked) root.dataset.theme = asked[1];
  }

  if (!forPaper) addEventListener('hashchange', themeOfAddress);

  const toggle = document.getElementById('theme');
  toggle.hidden = forPaper;
  toggle.addEventListener('click', () => {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  });
})();
