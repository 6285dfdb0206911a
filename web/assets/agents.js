// Keeps the figures of agents fresh while somebody looks, and copies the install line.
const fresh = document.getElementById('fresh');

async function refresh() {
  const address = new URL(location.href);
  address.searchParams.set('handler', 'Fragment');
  address.hash = '';
  try {
    const answer = await fetch(address);
    if (answer.status === 404) location.reload();
    if (!answer.ok) return;
    const html = await answer.text();
    // Not under somebody's selection or keyboard focus.
    if (!fresh.contains(document.activeElement) && getSelection().isCollapsed) fresh.innerHTML = html;
  } catch {
    // The service is away for a moment; the next turn asks again.
  }
}

if (fresh) setInterval(() => { if (!document.hidden) refresh(); }, 2000);

for (const button of document.querySelectorAll('[data-copy]')) {
  // Only where the browser lets a page copy: over https or on this machine.
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.done;
  });
}
