// The New test form works without this script. With it, buttons change only their part of the page,
// and the arithmetic follows what is typed.
const form = document.getElementById('new-test');

async function fragment(action) {
  const body = new URLSearchParams(new FormData(form));
  body.set('action', action);
  const answer = await fetch('/new?handler=Fragment', { method: 'POST', body });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

function debounced(action, target, delay) {
  let timer, latest = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++latest;
      try {
        const html = await fragment(action);
        if (mine === latest) target.innerHTML = html;
      } catch {
        // The service is away for a moment; the next key asks again, and the server checks everything at the start anyway.
      }
    }, delay);
  };
}

const arithmetic = debounced('arithmetic', document.getElementById('arithmetic'), 200);
const problems = debounced('problems', document.getElementById('problems'), 400);

form.addEventListener('input', event => {
  const name = event.target.name ?? '';
  if (name.startsWith('pv.') || name.startsWith('duration')) arithmetic();
  if (name === 'plan') problems();
});

// The slider is another way to write the number beside it.
const slider = document.getElementById('workers-slider');
if (slider) {
  const number = document.getElementById('workers');
  slider.hidden = false;
  slider.value = number.value;
  slider.addEventListener('input', () => { number.value = slider.value; });
  number.addEventListener('input', () => { slider.value = number.value; });
}

form.addEventListener('click', async event => {
  const button = event.target.closest('button');
  if (button?.dataset.remove !== undefined) {
    event.preventDefault();
    button.closest('[data-row]').remove();
  } else if (button?.dataset.append) {
    event.preventDefault();
    await replaceOrSubmit(button, html => {
      const rows = document.getElementById(button.dataset.append);
      rows.insertAdjacentHTML('beforeend', html);
      rows.lastElementChild.querySelector('input:not([type=hidden])')?.focus();
    });
  } else if (button?.dataset.into) {
    event.preventDefault();
    await replaceOrSubmit(button, html => { document.getElementById(button.dataset.into).innerHTML = html; });
  } else if (event.target.dataset.line) {
    event.preventDefault();
    showLine(Number(event.target.dataset.line));
  }
});

async function replaceOrSubmit(button, use) {
  button.disabled = true;
  try {
    use(await fragment(button.value));
    button.disabled = false;
  } catch {
    button.disabled = false;
    form.requestSubmit(button);
  }
}

function showLine(line) {
  const area = document.getElementById('plan');
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
  area.scrollTop = (line - 4) * parseFloat(getComputedStyle(area).lineHeight);
}

// The first thing to mend comes into view.
document.querySelector('.field.bad :is(input, select, textarea)')?.focus();
