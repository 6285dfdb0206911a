# Medians of replay.sh's figures, and their ratios to the engine's bare rate in the same run.
function median(list,    values, n, i, j, held) {
  n = split(list, values, " ")
  for (i = 2; i <= n; i++) {
    held = values[i] + 0
    for (j = i - 1; j >= 1 && values[j] + 0 > held; j--) values[j + 1] = values[j]
    values[j + 1] = held
  }
  return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}

function of(name, key) { return median(figures[name, key]) }

{
  if (!($1 in rounds)) order[++names] = $1
  rounds[$1]++
  for (i = 2; i <= NF; i++) {
    split($i, pair, "=")
    figures[$1, pair[1]] = figures[$1, pair[1]] " " pair[2]
  }
}

END {
  printf "%-16s %6s %12s %10s %14s %10s\n", "as fast as", "rounds", "requests/s", "to bare", "CPU us/request", "to bare"
  for (i = 1; i <= names; i++) {
    name = order[i]
    if (name ~ /^pace-/) continue
    bare = name ~ /^program-/ ? "program-bare" : "bare"
    rate = of(name, "perSecond"); cpu = of(name, "cpuMicrosPerRequest")
    printf "%-16s %6d %12.0f %10.2f %14.2f %10.2f\n", name, rounds[name], rate, rate / of(bare, "perSecond"), cpu, cpu / of(bare, "cpuMicrosPerRequest")
  }
  printf "\n%-16s %6s %12s %10s %10s %12s %10s\n", "captured timing", "rounds", "requests/s", "p50 us", "p99 us", "drift %", "held"
  for (i = 1; i <= names; i++) {
    name = order[i]
    if (name !~ /^pace-/) continue
    if (name == "pace-bare") printf "%-16s %6d %12.0f %10.0f %10.0f %12s %10s\n", name, rounds[name], of(name, "perSecond"), of(name, "late50us"), of(name, "late99us"), "-", "-"
    else printf "%-16s %6d %12.0f %10.0f %10.0f %12.5f %10.0f\n", name, rounds[name], of(name, "perSecond"), of(name, "error50us"), of(name, "error99us"), of(name, "driftPercent"), of(name, "held")
  }
}
