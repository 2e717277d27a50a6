// Copy, print, show a password, count characters, show a field when its choice is made.
for (const button of document.querySelectorAll("[data-copy]")) {
  const words = button.textContent;
  if (!navigator.clipboard) {
    button.hidden = true;
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = words), 3000);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-password-toggle]")) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  if (!input) continue;
  const set = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-label", shown ? "Hide password" : "Show password");
  };
  button.hidden = false;
  button.addEventListener("click", () => set(input.type === "password"));
  input.form?.addEventListener("submit", () => set(false));
}

for (const area of document.querySelectorAll("textarea[data-count]")) {
  const limit = Number(area.dataset.count);
  const message = document.getElementById(`${area.id}_count`);
  if (!message || !limit) continue;
  const tell = () => {
    const left = limit - area.value.length;
    const noun = Math.abs(left) === 1 ? "character" : "characters";
    message.textContent =
      left < 0 ? `You have ${-left} ${noun} too many` : `You have ${left} ${noun} left`;
    message.classList.toggle("wm-count--over", left < 0);
  };
  let waiting;
  message.setAttribute("aria-live", "polite");
  area.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, 600);
  });
  tell();
}

for (const group of document.querySelectorAll("[data-show-when]")) {
  const [name, value] = group.dataset.showWhen.split("=");
  const form = group.closest("form");
  if (!form) continue;
  const choose = () => {
    group.hidden = !new FormData(form).getAll(name).includes(value);
  };
  form.addEventListener("change", choose);
  choose();
}
