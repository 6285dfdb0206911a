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
    const options = { lang: run.lang, host: element.dataset.host || undefined, axis: !element.dataset.noaxis, legend: oneLine ? 'right' : 'left', paper: forPaper };
    const points = kind === 'percentiles' ? run.percentiles : kind === 'phases' ? run.phases : kind.startsWith('search') ? run.search : run.points;
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
