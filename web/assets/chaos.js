// Chaos pages work without this script. With it, dangerous buttons ask first, and drills are followed as they go.
document.addEventListener('click', event => {
  const button = event.target.closest('[data-confirm]');
  if (button && !confirm(button.dataset.confirm)) event.preventDefault();
});

const said = (text, ...values) => values.reduce((all, value, i) => all.replace(`{${i}}`, value), text);

function element(name, classes, ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children);
  return made;
}

function bar(fault, standing) {
  const what = element('span', '', element('b', '', fault.title), ` ${fault.on} `, element('span', 'muted', [fault.host === 'local' ? '' : fault.host, fault.arguments].join(' ').trim()));
  const progress = element('progress');
  progress.max = Math.max(1, fault.until - fault.since);
  progress.setAttribute('aria-label', `${fault.title} ${fault.on}`);
  const line = element('li', '', what, progress, element('span', 'left'));
  line.dataset.until = fault.until;
  return line;
}

// Seconds on the drill's clock: what the page said when it was made, and how long ago that is.
function clockOf(standing) {
  const from = Number(standing.dataset.at) - performance.now() / 1000;
  return () => from + performance.now() / 1000;
}

function countdown(standing, now) {
  for (const line of standing.querySelectorAll('.bars li[data-until]')) {
    const progress = line.querySelector('progress');
    const left = Math.min(progress.max, Math.max(0, Number(line.dataset.until) - now()));
    progress.value = left;
    line.querySelector('.left').textContent = left > 0 ? said(standing.dataset.left, Math.ceil(left)) : standing.dataset.undoing;
  }
}

function show(standing, what) {
  const bars = standing.querySelector('.bars');
  bars.replaceChildren(...what.faults.map(fault => bar(fault, standing)));
  if (what.faults.length === 0) bars.append(element('li', 'muted', standing.dataset.nofaults));
  standing.querySelector('.lights').replaceChildren(...what.probes.map(probe => element('li', probe.holds ? 'holds' : 'fails', element('b', '', probe.probe), ' ', element('span', 'muted', probe.why))));
  standing.querySelectorAll('.notice').forEach(notice => notice.remove());
  for (const left of what.left) standing.append(element('p', 'notice bad', left));
}

const bad = ['revertIncomplete', 'faultFailed', 'probeFailed', 'strikeRefused', 'runFailed'];

function tell(list, what) {
  if (what.kind === 'runEnded') return;
  const minutes = Math.floor(what.at / 60), seconds = Math.floor(what.at % 60);
  list.append(element('li', bad.includes(what.kind) ? 'bad' : '', element('span', '', `${minutes}:${String(seconds).padStart(2, '0')}`), what.text));
}

function follow(place) {
  const standing = place.querySelector('.standing');
  const list = place.querySelector('#events');
  const now = clockOf(standing);
  let shown = Number(place.dataset.follow ?? 0);
  const stream = new EventSource(`/api/chaos/drills/${place.dataset.drill}/live`);
  stream.addEventListener('event', message => {
    const what = JSON.parse(message.data);
    show(standing, what);
    countdown(standing, now);
    // The page came with the events up to this number.
    if (list && Number(message.lastEventId) >= shown) {
      shown = Number(message.lastEventId) + 1;
      tell(list, what);
    }
  });
  stream.addEventListener('finished', () => {
    stream.close();
    location.reload();
  });
  stream.addEventListener('error', () => {
    const phase = place.querySelector('#phase');
    if (phase) phase.textContent = place.dataset.lost;
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
  });
  setInterval(() => countdown(standing, now), 250);
  place.querySelector('.stopping')?.addEventListener('submit', submit => {
    if (submit.defaultPrevented) return;
    submit.preventDefault();
    const button = submit.target.querySelector('button');
    button.disabled = true;
    fetch(submit.target.action, { method: 'POST', body: new URLSearchParams(new FormData(submit.target)), redirect: 'manual' })
      .then(answer => { if (!answer.ok && answer.type !== 'opaqueredirect') throw new Error(`${answer.status}`); })
      .then(() => { const phase = place.querySelector('#phase'); if (phase) phase.textContent = place.dataset.stopping; })
      // Nobody was told: the button is there for another try.
      .catch(() => { button.disabled = false; });
  });
}

// On a telephone the part that is shown may be one of those that don't fit beside each other.
document.querySelector('.parts [aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });

// Marks are told by the stream; the page stays where it is.
document.querySelectorAll('form[data-quietly]').forEach(form => form.addEventListener('submit', submit => {
  submit.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  body.set(submit.submitter.name, submit.submitter.value);
  fetch(form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => {});
}));

document.querySelectorAll('[data-drill]').forEach(follow);
