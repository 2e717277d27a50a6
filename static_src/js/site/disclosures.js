// Native <details> do the work; this keeps them open on wide screens and closes menus politely.
for (const details of document.querySelectorAll("details[data-wide-open]")) {
  const wide = window.matchMedia(`(min-width: ${details.dataset.wideOpen || "60em"})`);
  const follow = () => {
    details.open = wide.matches;
  };
  wide.addEventListener("change", follow);
  follow();
}

const menus = document.querySelectorAll("details[data-dismiss-outside]");
if (menus.length) {
  document.addEventListener("click", (event) => {
    for (const menu of menus) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (menu.open && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });
  for (const menu of menus) {
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
  }
}
