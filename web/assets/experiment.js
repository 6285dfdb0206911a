// The editor works without this script. With it, problems are shown while somebody types, and buttons change only their part of the page.
const form = document.getElementById('experiment');
const text = document.getElementById('text');

async function fragment(values) {
  const body = new URLSearchParams(new FormData(form));
  body.delete('action');
  for (const [name, value] of Object.entries(values)) body.set(name, value);
  // The buttons are called action, and hide the form's property of that name.
  const address = new URL(form.getAttribute('action'), location);
  address.searchParams.set('handler', 'Fragment');
  const answer = await fetch(address, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

let timer, latest = 0;
function check() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const mine = ++latest;
    try {
      const html = await fragment({ action: 'check' });
      if (mine === latest) document.getElementById('problems').innerHTML = text.value.trim() ? html : '';
    } catch {
      // The service is away for a moment; the next key asks again, and everything is checked when it is kept or run anyway.
    }
  }, 400);
}

text.addEventListener('input', check);

form.addEventListener('click', async event => {
  const button = event.target.closest('button');
  if (event.target.dataset.line) {
    event.preventDefault();
    showLine(Number(event.target.dataset.line));
  } else if (button?.value === 'write' || button?.name === 'template') {
    event.preventDefault();
    try {
      text.value = await fragment(button.name === 'template' ? { template: button.value } : { action: 'write' });
      check();
    } catch {
      form.requestSubmit(button);
    }
  } else if (button?.dataset.into) {
    event.preventDefault();
    button.disabled = true;
    try {
      const into = document.getElementById(button.dataset.into);
      into.innerHTML = await fragment({ action: button.value });
      into.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    } catch {
      form.requestSubmit(button);
    }
    button.disabled = false;
  }
});

// Tab indents where YAML is written; Escape and then Tab leaves the field.
let leaving = false;
text.addEventListener('keydown', event => {
  if (event.key === 'Tab' && !event.shiftKey && !leaving) {
    event.preventDefault();
    text.setRangeText('  ', text.selectionStart, text.selectionEnd, 'end');
    check();
  }
  leaving = event.key === 'Escape';
});

function showLine(line) {
  const lines = text.value.split('\n');
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
  text.scrollTop = (line - 4) * parseFloat(getComputedStyle(text).lineHeight);
}
