// Follows a run: figures, charts and events as the server sends them. The browser's EventSource goes on after a lost
// connection by itself, with the number of the last update it has seen.
const page = document.getElementById('live');
const show = (id, text) => { document.getElementById(id).textContent = text; };
const points = [], events = [];
let sent = 0, failed = 0, stopping = false, finishing = false, paused = false, drawing = false;
let planned = Number(page.dataset.seconds);
const open = page.dataset.open === '1'; // nobody said for how long

// Pauses by the second in which they began, then by process: they are told later than that.
const pauses = new Map();

// A hidden chart has no size: it is made when there is something to show.
const panels = [...document.querySelectorAll('.chart')].map(element => ({ element, ...element.dataset, chart: null }));

addEventListener('resize', () => panels.forEach(panel => panel.chart?.resize()));

function showPanel(panel, data) {
  const figure = panel.element.parentElement;
  if (figure.hidden && !data.some(p => Object.keys(p.lines ?? {}).length > 0)) return;
  figure.hidden = false;
  panel.chart ??= PressureCharts.create(panel.element, panel.kind, { lang: page.dataset.lang, live: true });
  panel.chart.setPoints(data);
  panel.chart.setEvents(events);
}

// What a panel draws: the points themselves, the figures of the only host, or one figure of many.
function dataOf(panel, shown) {
  const at = p => ({ second: p.second, warmUp: p.warmUp });
  if (panel.of === 'host') return shown.map(p => ({ ...p.hosts[0], ...at(p) }));
  if (panel.of === 'gc') return shown.map((p, i) => ({ ...at(p), ...pausesWithin(p.second, shown[i + 1]?.second ?? p.second + 1) }));
  if (panel.of === 'hosts') return shown.map(p => ({ ...at(p), lines: lines(p.hosts, h => h.name, host => panel.figure === 'network' ? host.networkIn + host.networkOut : host[panel.figure]) }));
  if (panel.of === 'containers') return shown.map(p => ({ ...at(p), lines: lines(p.containers, c => `${c.name} · ${c.host}`, c => c[panel.figure]) }));
  return shown;
}

const lines = (items, name, figure) => Object.fromEntries((items ?? []).filter(item => figure(item) != null).map(item => [name(item), figure(item)]));

function pausesWithin(from, to) {
  const longest = {}, fulls = {};
  for (let second = from; second < to; second++) {
    for (const [name, { pause, full }] of pauses.get(second) ?? []) {
      longest[name] = Math.max(longest[name] ?? 0, pause);
      if (full != null) fulls[name] = Math.max(fulls[name] ?? 0, full);
    }
  }
  return { lines: longest, fulls };
}

function collected(told) {
  for (const gc of told ?? []) {
    if (!pauses.has(gc.second)) pauses.set(gc.second, new Map());
    const name = `${gc.name} · ${gc.host}`, bySecond = pauses.get(gc.second), known = bySecond.get(name);
    bySecond.set(name, { pause: Math.max(gc.pause, known?.pause ?? 0), full: gc.full == null ? known?.full : Math.max(gc.full, known?.full ?? 0) });
  }
}

const grouped = new Intl.NumberFormat('en');
const rate = value => value < 10 ? String(Math.round(value * 100) / 100) : grouped.format(Math.round(value));
const duration = ms => ms < 10 ? `${Math.round(ms * 100) / 100} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 10) / 100} s`;
const share = value => value > 0 && value < 0.0001 ? '<0.01 %' : `${Math.round(value * 10000) / 100} %`;
const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

// The last five seconds: steady enough to read, quick enough to see a change.
function recent(take) {
  return points.slice(-5).map(take);
}

function second(point) {
  points.push(point);
  collected(point.gc);
  sent += point.sent;
  failed += point.failed;
  const last = recent(p => p), sum = take => last.reduce((total, p) => total + take(p), 0);
  const ended = sum(p => p.ok + p.failed);
  const now = Math.min(point.second + 1, planned);
  show('rate', rate(sum(p => p.sent) / last.length));
  show('asked', rate(point.asked));
  show('p95', point.p95 == null ? '–' : duration(point.p95));
  show('errors', ended === 0 ? '–' : share(sum(p => p.failed) / ended));
  show('failed', grouped.format(failed));
  show('sent', grouped.format(sent));
  show('left', clock(open ? now : planned - now));
  if (!open) document.getElementById('progress').value = now;
  progressed(now);
  draw();
}

function progressed(now) {
  const state = paused ? page.dataset.paused : page.dataset.running;
  phase(stopping ? page.dataset.stopping : finishing ? page.dataset.finishing : `${state} · ${clock(now)}${open ? '' : ` ${page.dataset.of} ${clock(planned)}`}`);
}

// Whoever opens the page of a long run gets hours of seconds at once: they are drawn once, not once each.
function draw() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => {
    drawing = false;
    const shown = thinned(points);
    panels.forEach(panel => showPanel(panel, dataOf(panel, shown)));
  }, 100);
}

// As many points as a chart has room for; of each group the worst second stands, so that no trouble is hidden.
function thinned(all) {
  const size = Math.ceil(all.length / 600);
  if (size < 2) return all;
  const worse = (a, b) => b.failed > a.failed || (b.failed === a.failed && (b.p99 ?? 0) > (a.p99 ?? 0)) ? b : a;
  const groups = [];
  for (let i = 0; i < all.length; i += size) groups.push({ ...all.slice(i, i + size).reduce(worse), second: all[i].second });
  return groups;
}

function event(what) {
  events.push(what);
  if (what.kind === 'stopRequested' && !what.graceful) stopping = true;
  if (what.kind === 'stopRequested' && what.graceful) finish(what.at);
  if (what.kind === 'loadSteered' && (what.target === 'paused' || what.target === 'resumed')) pause(what.target === 'paused');
  if (what.kind === 'workerLost' || what.kind === 'workerHeard') worker(what.target, what.kind === 'workerLost');
  if (what.search) {
    show('holds', what.search.holds == null ? '–' : rate(what.search.holds));
    show('breaks', what.search.breaks == null ? '–' : `${rate(what.search.breaks)}/s`);
  }
  const line = document.createElement('li');
  const at = document.createElement('span');
  at.textContent = clock(what.at);
  line.append(at, what.text);
  if (['targetFailing', 'generatorSaturated', 'dataUsedUp', 'dataLost', 'exportDropping', 'runFailed', 'strikeRefused', 'faultFailed', 'revertIncomplete', 'probeFailed', 'workerLost', 'shareUnsent'].includes(what.kind)) line.className = 'bad';
  document.getElementById('events').append(line);
  draw();
}

// Those that are away; one that is heard again has no share any more, but is there.
const away = new Set();

function worker(name, lost) {
  if (lost) away.add(name); else away.delete(name);
  const tile = document.getElementById('workers');
  tile.textContent = Number(tile.dataset.all) - away.size;
  tile.classList.toggle('bad', away.size > 0);
  show('workers-lost', away.size === 0 ? '' : tile.dataset.lost.replace('{0}', [...away].slice(0, 3).join(', ') + (away.size > 3 ? ' …' : '')));
}

// The load now ends here; whoever comes later sees the same.
function finish(at) {
  finishing = true;
  planned = at;
  document.getElementById('progress').max = at;
  steering(false);
  progressed(at);
}

function pause(on) {
  paused = on;
  const button = document.getElementById('pause');
  button.value = on ? 'resume' : 'pause';
  button.textContent = on ? page.dataset.resume : page.dataset.pause;
  if (points.length > 0) progressed(Math.min(points.at(-1).second + 1, planned));
}

function steering(on) {
  document.querySelectorAll('.steer button, .steer input').forEach(control => { control.disabled = !on; });
}

function phase(text) {
  show('phase', text);
}

const stream = new EventSource(`/api/runs/${page.dataset.run}/live`);
stream.addEventListener('second', message => second(JSON.parse(message.data)));
stream.addEventListener('event', message => event(JSON.parse(message.data)));
stream.addEventListener('reporting', () => {
  document.getElementById('progress').removeAttribute('value');
  document.getElementById('stop').disabled = true;
  steering(false);
  if (!open) show('left', '0:00');
  phase(page.dataset.reporting);
});
stream.addEventListener('finished', () => {
  stream.close();
  location.replace(location.pathname);
});
stream.addEventListener('error', () => {
  // A browser gives up for good only when the answer is not a stream: then the page itself knows more.
  phase(stream.readyState === EventSource.CLOSED ? page.dataset.gone : page.dataset.lost);
  if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
});

document.getElementById('stop').form.addEventListener('submit', async submit => {
  submit.preventDefault();
  document.getElementById('stop').disabled = true;
  stopping = true;
  phase(page.dataset.stopping);
  try {
    const answer = await fetch(submit.target.action, { method: 'POST', body: new URLSearchParams(new FormData(submit.target)), redirect: 'manual' });
    if (!answer.ok && answer.type !== 'opaqueredirect') throw new Error(`${answer.status}`);
  } catch {
    // Nobody was told: the button is there for another try.
    stopping = false;
    document.getElementById('stop').disabled = false;
    phase(page.dataset.lost);
  }
});

document.querySelectorAll('.steer form').forEach(form => form.addEventListener('submit', async submit => {
  submit.preventDefault();
  show('steer-problem', '');
  const wish = new URLSearchParams(new FormData(form, submit.submitter));
  submit.submitter.disabled = true;
  try {
    const answer = await fetch(form.action, { method: 'POST', body: wish, headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { problem } = await answer.json();
    show('steer-problem', problem ?? '');
  } catch {
    show('steer-problem', page.dataset.lost);
  }
  submit.submitter.disabled = finishing;
}));
