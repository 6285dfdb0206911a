// Draws every chart of Pressure: live page, HTML report and, printed, the PDF. Needs echarts.min.js before it.
//
//   const chart = PressureCharts.create(element, 'latency', { lang: 'en', live: true, host: 'local' })
//   chart.setPoints(points)   // TimelinePoint JSON; for 'percentiles' [{ percent, response, service }];
//                             // for 'searchThroughput' and 'searchLatency' { points, limits, knee, holds }
//                             // for 'sendingError' [{ percent, error }], milliseconds
//                             // for 'phases' [{ name, whole, blocked, ..., receiving, generator }], milliseconds
//                             // for a host, container or process { second, warmUp, user, ... }: figures beside the second
//                             // for one line a subject { second, warmUp, lines: { name: value } }, for 'pauses' full: { name: value } too
//   chart.setEvents(events)   // EventSummary JSON
//   chart.resize(); chart.dispose()
//
// Options, all of them optional: lang 'en' | 'zh'; live, redrawn every second;
// group, charts with the same one share their crosshair; axis false leaves out the time axis's labels (another chart stands
// beneath); legend 'right' leaves room for a caption; paper leaves out what only a pointer could switch on.
// Colours are the page's tokens (tokens.css), read again when the page's theme changes: there is no theme to pass.
(function (global) {
  'use strict';

  const labels = global.PressureChartLabels;
  const text = (lang, key) => (labels[lang] || labels.en)[key] ?? key;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const escape = (value) => String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  // ---- Figures: the same rules as in the report's text.
  const trim = (value, digits) => String(Number(value.toFixed(digits)));
  const format = {
    count: (v) => v.toLocaleString('en-US', { maximumFractionDigits: v < 10 ? 2 : v < 100 ? 1 : 0 }),
    plain: (v) => trim(v, 2),
    share: (v) => `${trim(v * 100, v < 0.1 ? 2 : 1)} %`,
    milliseconds: (v) => v < 10 ? `${trim(v, 2)} ms` : v < 100 ? `${trim(v, 1)} ms` : v < 999.5 ? `${trim(v, 0)} ms` : `${trim(v / 1000, v < 9995 ? 2 : 1)} s`,
    fine: (v) => v < 0.9995 ? `${trim(v * 1000, 0)} µs` : format.milliseconds(v),
    size: (v) => {
      const units = ['B', 'kB', 'MB', 'GB', 'TB'];
      let unit = 0;
      for (; Math.abs(v) >= 999.5 && unit < units.length - 1; unit++) v /= 1000;
      return `${trim(v, v < 99.5 && unit > 0 ? 1 : 0)} ${units[unit]}`;
    },
    bytes: (v) => `${format.size(v)}/s`,
  };

  const clock = (seconds) => {
    const s = Math.floor(seconds + 1e-6), two = (n) => String(n).padStart(2, '0');
    const h = Math.floor(s / 3600);
    return h > 0 ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
  };

  // ---- What each kind shows. A series reads its value from a point; null leaves a gap.
  const own = (field) => (point) => point[field] ?? null;
  const generator = (field) => (point) => point.generator?.[field] ?? null;

  const kinds = {
    searchThroughput: {
      unit: 'count', over: 'offered',
      series: () => [
        { key: 'delivered', read: (p) => p.delivered, color: '--series-1', bold: true, outcome: true },
        { key: 'ideal', read: (p) => p.offered, color: '--muted', dashed: true },
      ],
    },
    searchLatency: {
      unit: 'milliseconds', over: 'offered', logarithmic: true,
      series: () => [
        { key: 'p50', read: (p) => p.p50, color: '--series-4' },
        { key: 'p95', read: (p) => p.p95, color: '--series-1', bold: true, outcome: true },
        { key: 'p99', read: (p) => p.p99, color: '--series-2' },
      ],
    },
    throughput: {
      unit: 'count',
      series: (points) => [
        { key: 'ok', read: (p) => p.ok, color: '--series-1', stack: true, fill: 0.22 },
        { key: 'failed', read: (p) => p.failed, color: '--bad', stack: true, fill: 0.55 },
        { key: 'notSent', read: (p) => p.notSent, color: '--warn', stack: true, fill: 0.55 },
        { key: 'asked', read: (p) => p.asked, color: '--muted', dashed: true },
        ...(points.some((p) => p.late > 0) ? [{ key: 'late', read: (p) => p.late, color: '--series-3' }] : []),
      ],
    },
    latency: {
      unit: 'milliseconds',
      series: () => [
        { key: 'p50', read: (p) => p.p50, color: '--series-4' },
        { key: 'p90', read: (p) => p.p90, color: '--series-6', off: true },
        { key: 'p95', read: (p) => p.p95, color: '--series-1' },
        { key: 'p99', read: (p) => p.p99, color: '--series-2' },
        { key: 'max', read: (p) => p.max, color: '--series-3', off: true },
      ],
    },
    latencies: {
      unit: 'milliseconds',
      series: () => [
        { key: 'p50', read: (p) => p.p50, color: '--series-4' },
        { key: 'p90', read: (p) => p.p90, color: '--series-6' },
        { key: 'p95', read: (p) => p.p95, color: '--series-1' },
        { key: 'p99', read: (p) => p.p99, color: '--series-2' },
        { key: 'max', read: (p) => p.max, color: '--series-3' },
      ],
    },
    flight: {
      unit: 'count',
      series: () => [
        { key: 'inFlight', read: (p) => p.inFlight, color: '--series-1' },
        { key: 'connections', read: (p) => p.connections, color: '--series-3' },
      ],
    },
    percentiles: {
      unit: 'milliseconds', over: 'percent',
      series: () => [
        { key: 'responseTime', read: (p) => p.response, color: '--series-1', bold: true },
        { key: 'serviceTime', read: (p) => p.service, color: '--series-2', dashed: true },
      ],
    },
    sendingError: {
      unit: 'fine', over: 'percent', logarithmic: true,
      series: () => [{ key: 'sendingError', read: (p) => p.error, color: '--series-1', bold: true }],
    },
    // Bars of equal length: what the time of a row consists of. How long it was stands at their end.
    phases: {
      unit: 'milliseconds', bars: true,
      series: (points) => [
        { key: 'generator', color: '--series-6' },
        { key: 'blocked', color: '--series-5' },
        { key: 'dns', color: '--series-3', opacity: 0.5 },
        { key: 'connecting', color: '--series-2' },
        { key: 'tls', color: '--series-3' },
        { key: 'sending', color: '--series-4', opacity: 0.5 },
        { key: 'waiting', color: '--series-1' },
        { key: 'receiving', color: '--series-4' },
      ].map((s) => ({ ...s, read: (p) => p[s.key] })).filter((s) => points.some((p) => s.read(p) >= 0.005 * p.whole)),
    },
    errors: { unit: 'count', empty: 'noErrors', series: errorSeries },
    cpu: {
      unit: 'share', top: 1, gaps: true,
      series: () => [
        { key: 'user', read: own('user'), color: '--series-1', stack: true, fill: 0.3 },
        { key: 'system', read: own('system'), color: '--series-3', stack: true, fill: 0.3 },
        { key: 'iowait', read: own('ioWait'), color: '--series-2', stack: true, fill: 0.3 },
        { key: 'steal', read: own('steal'), color: '--series-5', stack: true, fill: 0.3 },
      ],
    },
    load: {
      unit: 'plain', gaps: true,
      series: (points) => [
        ...known(points, { key: 'running', read: own('running'), color: '--muted', thin: true }),
        { key: 'load1', read: own('load1'), color: '--series-1' },
        { key: 'load5', read: own('load5'), color: '--series-3' },
        { key: 'load15', read: own('load15'), color: '--series-6' },
      ],
    },
    memory: {
      unit: 'share', top: 1, gaps: true,
      series: (points) => [
        { key: 'memoryUsed', read: own('memory'), color: '--series-3', fill: 0.22 },
        ...known(points, { key: 'swap', read: own('swapShare'), color: '--series-2' }),
      ],
    },
    network: {
      unit: 'bytes', gaps: true,
      series: () => [
        { key: 'received', read: own('networkIn'), color: '--series-1' },
        { key: 'sent', read: own('networkOut'), color: '--series-2' },
      ],
    },
    disk: {
      unit: 'bytes', gaps: true,
      series: () => [
        { key: 'read', read: own('diskRead'), color: '--series-1' },
        { key: 'written', read: own('diskWrite'), color: '--series-2' },
      ],
    },
    retransmits: { unit: 'count', gaps: true, series: () => [{ key: 'retransmits', read: own('retransmits'), color: '--series-2', fill: 0.22 }] },
    containerCpu: {
      unit: 'plain', gaps: true, secondUnit: 'share',
      series: (points) => [
        { key: 'usedCpu', read: own('cpu'), color: '--series-1', fill: 0.22 },
        ...known(points, { key: 'limit', read: own('cpuLimit'), color: '--bad', dashed: true }),
        { key: 'throttled', read: own('throttled'), color: '--series-2', thin: true, second: true },
      ],
    },
    containerMemory: {
      unit: 'size', gaps: true,
      series: (points) => [
        { key: 'memoryUsed', read: own('memory'), color: '--series-3', fill: 0.22 },
        ...known(points, { key: 'limit', read: own('memoryLimit'), color: '--bad', dashed: true }),
      ],
    },
    processCpu: {
      unit: 'plain', secondUnit: 'size', gaps: true,
      series: () => [
        { key: 'usedCpu', read: own('cpu'), color: '--series-1', fill: 0.22 },
        { key: 'rss', read: own('rss'), color: '--series-3', second: true },
      ],
    },
    heap: {
      unit: 'size', secondUnit: 'bytes', gaps: true,
      series: (points) => [
        { key: 'heap', read: own('heap'), color: '--series-4', fill: 0.22 },
        ...known(points, { key: 'allocated', read: own('allocated'), color: '--series-6', thin: true, second: true }),
      ],
    },
    stopped: { unit: 'share', gaps: true, series: () => [{ key: 'stopped', read: own('stopped'), color: '--series-5', fill: 0.3 }] },
    serviceLatency: {
      unit: 'milliseconds',
      series: () => [
        { key: 'p50', read: own('p50'), color: '--series-4' },
        { key: 'p95', read: own('p95'), color: '--series-1' },
        { key: 'p99', read: own('p99'), color: '--series-2' },
      ],
    },
    // What burst over its limit for a moment stands at the limit.
    cpuLines: { unit: 'share', top: 1, series: (points) => lineSeries(points).map((s) => ({ ...s, read: (p) => s.read(p) == null ? null : Math.min(1, s.read(p)) })) },
    memoryLines: { unit: 'share', top: 1, series: lineSeries },
    loadLines: { unit: 'plain', series: lineSeries },
    workerRates: { unit: 'count', series: (points) => lineSeries(points).map((s) => ({ ...s, read: (p) => s.read(p) ?? 0, stack: true, fill: 0.3 })) },
    workerLateness: { unit: 'fine', series: lineSeries },
    networkLines: { unit: 'bytes', series: lineSeries },
    // A bar for the longest pause of each second; a full collection has a mark on top.
    pauses: {
      unit: 'milliseconds', empty: 'noPauses',
      series: (points, lang) => {
        const bars = lineSeries(points).map((s) => ({ ...s, bar: true }));
        const fulls = (p) => { const all = Object.values(p.fulls || {}).filter((v) => v != null); return all.length > 0 ? Math.max(...all) : null; };
        return points.some((p) => fulls(p) != null) ? [...bars, { key: 'full', read: fulls, color: '--bad', marker: true }] : bars;
      },
    },
    generator: {
      unit: 'milliseconds', secondUnit: 'share',
      series: () => [
        { key: 'lateP50', read: generator('lateP50'), color: '--series-4' },
        { key: 'lateP99', read: generator('lateP99'), color: '--series-2' },
        { key: 'busiestLane', read: generator('busiestLane'), color: '--series-6', dashed: true, second: true },
      ],
    },
  };

  // A series that is there only if somebody measured it.
  const known = (points, series) => points.some((p) => series.read(p) != null) ? [series] : [];

  // A line for each subject that has a value anywhere.
  function lineSeries(points) {
    const colors = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6'];
    const names = [];
    for (const p of points) for (const [name, value] of Object.entries(p.lines || {})) if (value != null && !names.includes(name)) names.push(name);
    return names.map((name, i) => ({ key: name, name, read: (p) => p.lines?.[name] ?? null, color: colors[i % colors.length], dashed: i >= colors.length }));
  }

  // A bad status is the reason behind checkFailed: it is shown as itself, and only the rest as a failed check.
  function errorSeries(points, lang) {
    const badStatuses = (p) => Object.entries(p.statuses || {}).filter(([s]) => Number(s) >= 400);
    const keys = [];
    for (const p of points) {
      for (const [status] of badStatuses(p)) if (!keys.includes(status)) keys.push(status);
      for (const error of Object.keys(p.errors || {})) if (!keys.includes(error)) keys.push(error);
    }
    const colors = ['--bad', '--series-2', '--series-3', '--series-1', '--series-6', '--series-4'];
    const isStatus = (key) => /^\d/.test(key);
    const read = (key) => (p) => {
      if (isStatus(key)) return p.statuses?.[key] ?? 0;
      if (key !== 'checkFailed') return p.errors?.[key] ?? 0;
      return Math.max(0, (p.errors?.checkFailed ?? 0) - badStatuses(p).reduce((sum, [, n]) => sum + n, 0));
    };
    return keys.sort()
      .map((key) => ({ key, name: isStatus(key) ? `${text(lang, 'status')} ${key}` : text(lang, 'error.' + key), read: read(key) }))
      .filter((s) => points.some((p) => s.read(p) > 0))
      .map((s, i) => ({ ...s, color: colors[i % colors.length], stack: true, fill: 0.55 }));
  }

  // ---- Events: bands for spells, lines for moments.
  const silent = new Set(['hostSilent', 'hostHeard', 'searchPlateauStarted', 'searchPlateauEnded', 'searchEnded', 'runStarted', 'warmUpEnded', 'loadEnded', 'runEnded', 'targetRecovered', 'exportDropping', 'exported', 'experimentStarted', 'experimentEnded', 'faultOff', 'shareUnsent']);
  const isBad = new Set(['runFailed', 'dataLost', 'dataUsedUp', 'generatorSaturated', 'stopRequested', 'aborted']);
  const isSteered = (e, to) => e.kind === 'loadSteered' && e.target === to;

  // Stretches of two seconds and more of which nothing is known: not zero, not idle.
  function gapsOf(points, series, span) {
    const bands = [];
    let from = null;
    const close = (to) => { if (from != null && to - from >= 2 * span.step) bands.push({ from, to }); from = null; };
    for (const p of points) {
      if (series.some((s) => s.read(p) != null)) close(p.second);
      else from ??= p.second;
    }
    if (points.length > 0) close(points[points.length - 1].second + span.step);
    return bands;
  }

  const tones = { bad: '--bad', warn: '--warn', good: '--ok', note: '--accent' };
  const colorOf = (e) => tones[e.tone] ?? (isBad.has(e.kind) ? '--warn' : '--muted');
  const wideOf = (name) => 12 + [...name].reduce((sum, c) => sum + (c > '\u2e7f' ? 10 : 5.6), 0);

  // Names of bands that would stand upon each other stand beneath each other.
  function stack(bands, perPixel) {
    const free = [];
    for (const b of bands.sort((a, c) => a.from - c.from)) {
      b.row = free.findIndex((f) => f <= b.from / perPixel);
      if (b.row < 0) b.row = free.length;
      free[b.row] = b.from / perPixel + wideOf(b.name);
    }
  }

  // Marks of one thing at one moment (a container is killed, and dies) are one; a name is shown where the one before leaves room.
  function spaced(lines, perPixel) {
    const kept = [];
    let free = -Infinity;
    for (const l of lines) {
      if (kept.some((k) => k.of === l.of && l.of != null && k.color === l.color && l.at - k.at < 14 * perPixel || l.at - k.at < 2 * perPixel && (k.of === l.of && l.of != null || k.color === l.color))) continue;
      const wide = wideOf(l.name);
      const named = l.at / perPixel - wide / 2 > free;
      if (named) free = l.at / perPixel + wide / 2;
      kept.push({ ...l, named });
    }
    return kept;
  }

  function marks(points, events, span, lang, width, gaps) {
    const bands = gaps.map((g) => ({ ...g, color: '--muted', name: text(lang, 'noData') })), lines = [];
    const perPixel = span.end / width;
    const warm = points.filter((p) => p.warmUp);
    if (warm.length > 0)
      bands.push({ from: 0, to: warm[warm.length - 1].second + span.step, color: '--muted', name: text(lang, 'warmUp') });
    for (const e of events) {
      if (e.kind === 'targetFailing') {
        const over = events.find((o) => o.kind === 'targetRecovered' && o.at >= e.at);
        bands.push({ from: e.at, to: over ? over.at : span.end, color: '--bad', name: text(lang, 'failing') });
      } else if (isSteered(e, 'paused')) {
        const over = events.find((o) => (isSteered(o, 'resumed') || o.kind === 'stopRequested' || o.kind === 'aborted') && o.at >= e.at);
        bands.push({ from: e.at, to: over ? over.at : span.end, color: '--muted', name: text(lang, 'paused') });
      } else if (e.kind === 'faultOn') {
        const over = events.find((o) => o.kind === 'faultOff' && o.of === e.of && o.at >= e.at);
        bands.push({ from: e.at, to: over ? over.at : span.end, color: '--series-3', name: e.label, within: true });
      } else if (!isSteered(e, 'resumed') && !silent.has(e.kind) && !(e.kind === 'stageStarted' && e.at < 1e-3)) {
        if (e.kind === 'probeHeld' && !events.some((o) => o.kind === 'probeFailed' && o.of === e.of && o.at < e.at)) continue;
        lines.push({ at: e.at, of: e.of, color: colorOf(e), name: e.label ?? text(lang, 'mark.' + e.kind).replace('mark.', '') });
      }
    }
    lines.sort((a, b) => a.at - b.at);
    // Marks often follow close upon the begin of a band: its name stands behind them.
    for (const b of bands.filter((b) => b.within))
      b.indent = Math.max(0, ...lines.map((l) => (l.at - b.from) / perPixel).filter((x) => x >= 0 && x < 14));
    stack(bands.filter((b) => b.within), perPixel);
    // Names stand where there is room for them: in wide charts, over wide bands, and not upon each other.
    const label = (color, room) => ({ show: width >= 500 && room, color: token(color), fontSize: 10, fontFamily: token('--font') });
    return {
      name: '', type: 'line', data: [], silent: true, z: 1,
      markArea: {
        silent: true,
        data: bands.map((b) => [
          {
            xAxis: b.from, name: b.name, itemStyle: { color: token(b.color), opacity: b.within ? 0.13 : 0.1 },
            // What a fault is called stands within its band, for the marks of its begin and end stand above; it may reach beyond a short one.
            label: b.within ? { ...label(b.color, b.row < 2), position: 'insideTopLeft', distance: 3, offset: [b.indent, 12 * b.row], textBorderColor: token('--ground'), textBorderWidth: 2 } : { ...label(b.color, (b.to - b.from) / perPixel > 44), position: 'top', distance: 2 },
          },
          { xAxis: Math.min(Math.max(b.to, b.from + 2 * perPixel), span.end) },
        ]),
      },
      markLine: {
        silent: true, symbol: 'none',
        data: spaced(lines.filter((l) => l.at <= span.end), perPixel).map((l) => ({
          xAxis: l.at, name: l.name,
          lineStyle: { color: token(l.color), type: 'dashed', width: 1 },
          label: { ...label(l.color, l.named), formatter: '{b}', position: 'end', distance: 2 },
        })),
      },
    };
  }

  // ---- Lines of a search: the knee and the rate that holds upright, limits of response time across.
  function searchMarks(search, kind, lang, width) {
    const style = (color) => ({ show: width >= 300, color: token(color), fontSize: 10, fontFamily: token('--font') });
    const upright = [['knee', search.knee, '--muted'], ['capacity', search.holds, '--ok']].filter(([, at]) => at != null).map(([key, at, color], i, all) => ({
      xAxis: at, name: `${text(lang, key)} ${format.count(at)}`, lineStyle: { color: token(color), type: 'dashed', width: 1.2 },
      // Two that stand close to each other take turns in height.
      label: { ...style(color), formatter: '{b}', position: 'end', distance: all.length > 1 && i === 1 && Math.abs(at - all[0][1]) < 0.2 * at ? 13 : 2 },
    }));
    const across = kind !== 'searchLatency' ? [] : search.limits.map((l) => ({
      yAxis: l.milliseconds, name: l.label, lineStyle: { color: token('--bad'), type: 'dashed', width: 1.2 },
      label: { ...style('--bad'), formatter: '{b}', position: 'insideStartTop', distance: 3 },
    }));
    return { name: '', type: 'line', data: [], silent: true, z: 1, markLine: { silent: true, symbol: 'none', data: [...upright, ...across] } };
  }

  // ---- Axes.
  const percentX = (percent) => -Math.log10(Math.max(1e-7, 1 - percent / 100));
  const timeStep = (seconds, most) => [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400].find((s) => seconds / s <= most) ?? 172800;

  function timeSpan(points) {
    const step = points.length > 1 ? Math.max(1, points[1].second - points[0].second) : 1;
    return { step, end: points.length > 0 ? points[points.length - 1].second + step : 10 };
  }

  function xAxis(kind, points, span, style, width, labelled) {
    const common = { type: 'value', axisLine: { lineStyle: { color: style.line } }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: style.label };
    if (kinds[kind].over === 'percent') {
      const end = Math.ceil(Math.max(1, ...points.map((p) => percentX(p.percent))));
      return { ...common, min: 0, max: end, interval: 1, axisLabel: { ...style.label, formatter: (x) => x === 0 ? '0 %' : `${trim(100 - 100 / 10 ** x, x)} %` } };
    }
    if (kinds[kind].over === 'offered') {
      return { ...common, min: 0, max: points.length > 0 ? undefined : 1, axisLabel: { ...style.label, hideOverlap: true, formatter: format.count } };
    }
    return {
      ...common, min: 0, max: span.end, interval: timeStep(span.end, Math.max(2, width / 75)),
      axisLabel: { ...style.label, show: labelled, hideOverlap: true, showMaxLabel: false, formatter: clock },
      axisPointer: { show: true, type: 'line', triggerTooltip: false, label: { show: false }, lineStyle: { color: style.muted, type: 'solid', width: 1 } },
    };
  }

  function yAxis(unit, style, top, second) {
    return {
      type: 'value', min: 0, max: top, interval: top === 1 && unit === 'share' ? 0.25 : undefined, splitNumber: 3, minInterval: unit === 'count' ? 1 : undefined,
      axisLabel: { ...style.label, formatter: format[unit] },
      splitLine: { show: !second, lineStyle: { color: style.line, opacity: 0.6 } }, axisLine: { show: false }, axisTick: { show: false },
    };
  }

  // Response times under too much load are a thousand times those under little: only a logarithmic axis shows both.
  function logarithmicAxis(unit, style) {
    return { ...yAxis(unit, style), type: 'log', min: undefined, minInterval: undefined, splitNumber: 4 };
  }

  // How plateaus of a search came out: a shape beside the colour, for those who do not see it.
  const outcomes = {
    held: { symbol: 'circle', color: '--ok' },
    broke: { symbol: 'diamond', color: '--bad' },
    generatorSaturated: { symbol: 'triangle', color: '--warn' },
  };

  const pointsOf = (data, what) => what.over === 'offered' ? data.points ?? [] : data;

  // ---- Bars, a row each from top to bottom.
  const rowHeight = 28;
  const barsHeight = (rows) => 44 + rowHeight * rows;

  function bars(kind, rows, options, width) {
    const what = kinds[kind], lang = options.lang || 'en', series = what.series(rows, lang);
    const label = { color: token('--muted'), fontSize: 11, fontFamily: token('--font') };
    const names = Math.min(200, width * 0.28);
    const category = { type: 'category', inverse: true, axisLine: { show: false }, axisTick: { show: false } };
    const share = (s, row) => row.whole > 0 ? s.read(row) / row.whole : 0;
    return {
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: token('--font') },
      grid: { left: names + 10, right: 68, top: 32, bottom: 8 },
      legend: { data: series.map((s) => text(lang, s.key)), top: 0, left: 0, padding: 0, itemWidth: 12, itemHeight: 8, itemGap: 14, icon: 'roundRect', selectedMode: false, textStyle: { ...label, color: token('--text') } },
      tooltip: {
        trigger: 'axis', axisPointer: { type: 'none' }, confine: true, backgroundColor: token('--ground'), borderColor: token('--line'), textStyle: { color: token('--text'), fontSize: 12 },
        formatter: (hits) => {
          const row = rows[hits[0].dataIndex];
          return `<div style="margin-bottom:2px">${escape(row.name)}</div>${series.map((s, i) =>
            `<div style="display:flex;gap:12px;justify-content:space-between"><span>${hits[i].marker}${escape(text(lang, s.key))}</span><b>${format.milliseconds(s.read(row))}</b></div>`).join('')}`;
        },
      },
      xAxis: { type: 'value', min: 0, max: 1, show: false },
      yAxis: [
        { ...category, data: rows.map((r) => r.name), axisLabel: { ...label, color: token('--text'), width: names, overflow: 'truncate' } },
        { ...category, data: rows.map((r) => format.milliseconds(r.whole)), axisLabel: label },
      ],
      series: series.map((s) => ({
        name: text(lang, s.key), type: 'bar', stack: 'all', barWidth: 16, emphasis: { disabled: true },
        itemStyle: { color: token(s.color), opacity: s.opacity ?? 1, borderColor: token('--ground'), borderWidth: 0.5 },
        label: { show: true, color: token('--ground'), fontSize: 10, fontFamily: token('--font'), formatter: (hit) => hit.value >= 0.08 ? `${trim(hit.value * 100, 0)} %` : '' },
        data: rows.map((r) => share(s, r)),
      })),
    };
  }

  // Bars of several processes stand in front of each other; each begins at zero. Drawn by hand: the library's own bars shift the time axis.
  const pauseBars = (s, name, points, x, width, span) => ({
    name, type: 'custom', silent: true, encode: { x: 0, y: 1 }, itemStyle: { color: token(s.color) },
    data: points.filter((p) => s.read(p) != null).map((p) => [x(p), s.read(p)]),
    renderItem: (_, api) => {
      const [left, top] = api.coord([api.value(0), api.value(1)]), [, bottom] = api.coord([0, 0]);
      const wide = Math.min(6, Math.max(1.5, 0.6 * width * span.step / span.end));
      return { type: 'rect', shape: { x: left - wide / 2, y: top, width: wide, height: bottom - top }, style: { fill: token(s.color), opacity: 0.85 } };
    },
  });

  const markers = (s, name, points, x) => ({
    name, type: 'scatter', symbol: 'diamond', symbolSize: 9, silent: true, emphasis: { disabled: true },
    itemStyle: { color: token(s.color) }, data: points.filter((p) => s.read(p) != null).map((p) => [x(p), s.read(p)]),
  });

  // ---- One chart.
  function option(kind, data, events, options, width) {
    const what = kinds[kind], lang = options.lang || 'en', overTime = !what.over;
    const points = pointsOf(data, what);
    const span = timeSpan(overTime ? points : []);
    const series = what.series(points, lang).filter((s) => !(s.off && options.paper));
    const name = (s) => s.name || text(lang, s.key);
    const x = (p) => what.over === 'percent' ? percentX(p.percent) : what.over === 'offered' ? p.offered : p.second + span.step / 2;
    const style = { line: token('--line'), muted: token('--muted'), label: { color: token('--muted'), fontSize: 11, fontFamily: token('--font') } };
    const isEmpty = what.empty && series.length === 0 && points.length > 0;
    return {
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: token('--font') },
      grid: { left: 58, right: what.secondUnit ? (what.secondUnit === 'share' ? 52 : 66) : 14, top: what.over === 'offered' ? 54 : 32, bottom: options.axis === false ? 8 : 24 },
      legend: {
        data: series.map(name), selected: Object.fromEntries(series.map((s) => [name(s), !s.off])),
        top: 0, ...(options.legend === 'right' ? { right: 14, ...(series.length > 6 ? { left: '20%' } : {}) } : { left: 0 }), padding: 0, itemWidth: 12, itemHeight: 3, itemGap: 14, icon: 'roundRect', type: 'scroll',
        textStyle: { ...style.label, color: token('--text') }, inactiveColor: style.muted, inactiveBorderWidth: 0,
        pageIconSize: 9, pageTextStyle: style.label, pageIconColor: style.muted, pageIconInactiveColor: style.line,
      },
      tooltip: {
        trigger: 'axis', confine: true, backgroundColor: token('--ground'), borderColor: style.line, textStyle: { color: token('--text'), fontSize: 12 },
        formatter: (rows) => tooltip(rows, kind, series, what, span, name),
      },
      xAxis: xAxis(kind, points, span, style, width, options.axis !== false),
      yAxis: [what.logarithmic ? logarithmicAxis(what.unit, style) : yAxis(what.unit, style, what.top ?? (isEmpty ? 1 : undefined)), ...(what.secondUnit ? [{ ...yAxis(what.secondUnit, style, what.secondUnit === 'share' ? 1 : undefined, true), ...(what.secondUnit === 'share' ? { interval: 0.5 } : {}) }] : [])],
      graphic: isEmpty ? [{ type: 'text', left: 'center', top: 'middle', silent: true, style: { text: text(lang, what.empty), fill: style.muted, font: `12px ${token('--font')}` } }] : [],
      series: [
        ...series.map((s) => s.bar ? pauseBars(s, name(s), points, x, width, span) : s.marker ? markers(s, name(s), points, x) : ({
          name: name(s), type: 'line', showSymbol: points.length === 1 || what.over === 'offered' && !s.dashed, symbolSize: s.outcome ? 8 : 5, connectNulls: false, stack: s.stack ? 'all' : undefined, yAxisIndex: s.second ? 1 : 0,
          data: points.map((p) => s.outcome ? { value: [x(p), s.read(p, options) ?? null], symbol: outcomes[p.outcome].symbol, itemStyle: { color: token(outcomes[p.outcome].color) } } : [x(p), s.read(p, options) ?? null]),
          itemStyle: { color: token(s.color) },
          lineStyle: { color: token(s.color), width: s.stack || s.thin ? 1 : s.bold ? 2 : 1.6, type: s.dashed ? 'dashed' : 'solid' },
          areaStyle: s.fill ? { color: token(s.color), opacity: s.fill } : undefined,
          emphasis: { disabled: true },
        })),
        ...(overTime ? [marks(points, events, span, lang, width, what.gaps ? gapsOf(points, series, span) : [])] : what.over === 'offered' ? [searchMarks(data, kind, lang, width)] : []),
      ],
    };
  }

  function tooltip(rows, kind, series, what, span, name) {
    if (rows.length === 0) return '';
    const at = rows[0].value[0];
    const head = what.over === 'percent' ? `${trim(100 - 100 / 10 ** at, 4)} %` : what.over === 'offered' ? `${format.count(at)}/s` : clock(at - span.step / 2);
    const lines = rows.filter((r) => r.value[1] != null).map((r) => {
      const s = series.find((candidate) => name(candidate) === r.seriesName);
      return `<div style="display:flex;gap:12px;justify-content:space-between"><span>${r.marker}${escape(r.seriesName)}</span><b>${format[s?.second ? what.secondUnit : what.unit](r.value[1])}</b></div>`;
    });
    return `<div style="margin-bottom:2px">${head}</div>${lines.join('')}`;
  }

  function create(element, kind, options = {}) {
    if (!kinds[kind]) throw new Error(`PressureCharts knows no kind '${kind}'`);
    const chart = global.echarts.init(element, null, { renderer: 'svg' });
    const isTimed = !kinds[kind].over && !kinds[kind].bars;
    if (isTimed) chart.group = options.group || 'time';
    let points = [], events = [];
    const draw = () => chart.setOption(kinds[kind].bars ? bars(kind, points, options, chart.getWidth()) : option(kind, points, events, options, chart.getWidth()), { notMerge: true });
    const draft = options.live ? keepingLegend(chart, draw) : draw;

    element.setAttribute('role', 'img');
    if (!element.hasAttribute('aria-label')) element.setAttribute('aria-label', text(options.lang || 'en', 'title.' + kind));

    const themes = new MutationObserver(draft);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const system = global.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', draft);
    if (isTimed) global.echarts.connect(chart.group);

    return {
      setPoints(next) {
        points = next;
        if (kinds[kind].bars) {
          element.style.height = `${barsHeight(points.length)}px`;
          chart.resize();
        }
        draft();
      },
      setEvents(next) { events = next; draft(); },
      resize() { chart.resize(); draft(); },
      dispose() { themes.disconnect(); system.removeEventListener('change', draft); chart.dispose(); },
    };
  }

  // While a run goes on, a redraw every second must not bring back what the reader has switched off.
  function keepingLegend(chart, draw) {
    const chosen = {};
    chart.on('legendselectchanged', (e) => Object.assign(chosen, e.selected));
    return () => {
      draw();
      if (Object.keys(chosen).length > 0) chart.setOption({ legend: { selected: chosen } });
    };
  }

  // The figures behind a chart, for those who read rather than look.
  function table(element, kind, points, options = {}) {
    const lang = options.lang || 'en', what = kinds[kind], series = what.series(points, lang);
    const head = what.bars ? text(lang, 'request') : what.over === 'percent' ? text(lang, 'percentile') : text(lang, 'time');
    const first = (p) => what.bars ? escape(p.name) : what.over === 'percent' ? `${trim(p.percent, 4)} %` : clock(p.second);
    const cell = (s, p) => { const v = s.read(p, options); return v == null ? '–' : format[s.second ? what.secondUnit : what.unit](v); };
    element.innerHTML = `<table class="figures"><thead><tr><th scope="col">${escape(head)}</th>${series.map((s) => `<th scope="col">${escape(s.name || text(lang, s.key))}</th>`).join('')}</tr></thead><tbody>${
      points.map((p) => `<tr><th scope="row">${first(p)}</th>${series.map((s) => `<td>${cell(s, p)}</td>`).join('')}</tr>`).join('')}</tbody></table>`;
  }

  global.PressureCharts = { create, table, kinds: Object.keys(kinds) };
})(globalThis);
