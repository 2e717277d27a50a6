// The register by keyboard: P, A and X answer for a person and go on to the next one without an
// answer. Without this script the radio buttons work as radio buttons do.
const form = document.querySelector("[data-register]");

if (form) {
  const rows = [...form.querySelectorAll("[data-register-row]")];
  const count = form.querySelector("[data-register-count]");
  const keys = form.querySelector("[data-register-keys]");
  if (keys) keys.hidden = false;

  const recorded = () => rows.filter((row) => row.querySelector(":checked")).length;
  const tell = () => {
    count.textContent = String(recorded());
  };

  const goOn = (row) => {
    const later = rows.slice(rows.indexOf(row) + 1);
    const next = later.find((other) => !other.querySelector(":checked")) ?? later[0];
    if (next) {
      (next.querySelector(":checked") ?? next.querySelector("input")).focus();
    } else {
      form.querySelector("button").focus();
    }
  };

  form.addEventListener("change", tell);
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-register-row]");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const choice = row.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    goOn(row);
  });
}
