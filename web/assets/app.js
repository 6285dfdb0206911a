// What every page has: the theme toggle without a reload, and times in the visitor's zone.
const root = document.documentElement;

document.getElementById('theme')?.addEventListener('click', event => {
  event.preventDefault();
  const dark = (root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  root.dataset.theme = dark ? 'light' : 'dark';
  document.cookie = `pressure-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  // The report is of an origin of its own: its address is all that may be changed. Only the part behind # does, so it is not loaded again.
  const report = document.getElementById('report');
  report?.contentWindow.location.replace(`${report.src.split('#')[0]}#theme=${root.dataset.theme}`);
});

for (const time of document.querySelectorAll('time[datetime]')) {
  const at = new Date(time.dateTime);
  const two = number => String(number).padStart(2, '0');
  time.title = time.textContent;
  time.textContent = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
