# Medians of engine.sh's figures, and their ratios to wrk's in the same run.
function median(list,    values, n, i, j, held) {
  n = split(list, values, " ")
  for (i = 2; i <= n; i++) {
    held = values[i] + 0
    for (j = i - 1; j >= 1 && values[j] + 0 > held; j--) values[j + 1] = values[j]
    values[j + 1] = held
  }
  return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}

{
  key = $1 " " $2
  if (!(key in first)) order[++keys] = key
  first[key] = first[key] " " $3
  second[key] = second[key] " " $4
  third[key] = third[key] " " $5
  rounds[key]++
}

END {
  printf "%-12s %-8s %6s %12s %10s %14s %10s\n", "case", "tool", "rounds", "requests/s", "to wrk", "CPU us/request", "to wrk"
  for (i = 1; i <= keys; i++) {
    key = order[i]
    if (key ~ /^pace-/) continue
    split(key, name, " ")
    wrk = name[1] " wrk"
    rate = median(first[key]); cpu = median(second[key])
    toRate = toCpu = "-"
    if (wrk in first) {
      toRate = sprintf("%.2f", rate / median(first[wrk]))
      if (median(second[wrk]) > 0) toCpu = sprintf("%.2f", cpu / median(second[wrk]))
    }
    printf "%-12s %-8s %6d %12.0f %10s %14.2f %10s\n", name[1], name[2], rounds[key], rate, toRate, cpu, toCpu
  }
  bare = "plan-64 ours-bare"; rich = "plan-64 ours-rich"
  if (rich in first)
    printf "\nA plan with data feed, template, checks and extraction does %.2f of the bare requests/s at %.2f of the CPU.\n",
      median(first[rich]) / median(first[bare]), median(second[rich]) / median(second[bare])
  printf "\n%-12s %-8s %6s %12s %10s %14s\n", "pacing", "tool", "rounds", "late p50 us", "p99 us", "CPU us/request"
  for (i = 1; i <= keys; i++) {
    key = order[i]
    if (key !~ /^pace-/) continue
    split(key, name, " ")
    printf "%-12s %-8s %6d %12.0f %10.0f %14.2f\n", name[1], name[2], rounds[key], median(first[key]), median(second[key]), median(third[key])
  }
}
