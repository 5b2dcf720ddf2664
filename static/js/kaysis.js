/* Small comforts of the shell. Every page works without this file. */
"use strict";

(() => {
  const root = document.documentElement;

  // Theme: repaint at once and remember, instead of loading the page again.
  const paint = (theme) => {
    root.dataset.bsTheme = theme;
    let sheet = document.getElementById("dark");
    if (theme !== "light" && !sheet) return false; // not linked on this page: let the form do it
    if (sheet) {
      sheet.media = { light: "not all", dark: "screen", auto: "screen and (prefers-color-scheme: dark)" }[theme];
    }
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `tema=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    return true;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".k-themes button");
    if (!button || !paint(button.value)) return;
    event.preventDefault();
    for (const other of button.parentElement.children) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  });

  // A list that was filtered in place says how many results there are now.
  document.addEventListener("htmx:afterSwap", (event) => {
    const said = event.target.querySelector?.("[data-announce]");
    const live = document.getElementById("live");
    if (said && live) live.textContent = said.textContent.trim();
  });

  // A request for a part of the page that fails says so where the part would have come.
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      const target = event.detail.target;
      const note = document.getElementById("request-failed");
      if (!target || !note || target.previousElementSibling?.matches(".k-note--danger")) return;
      target.before(note.content.cloneNode(true));
    });
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    const before = event.detail.target?.previousElementSibling;
    if (!event.detail.isError && before?.matches(".k-note--danger[role=alert]")) before.remove();
  });

  // A new page of the list begins at its top; the focus follows.
  document.addEventListener("htmx:afterSettle", (event) => {
    const trigger = event.detail.requestConfig?.elt;
    if (!trigger?.closest?.(".k-pages")) return;
    event.target.scrollIntoView({ block: "start" });
    event.target.setAttribute("tabindex", "-1");
    event.target.focus({ preventScroll: true });
  });

  // The error summary takes the focus also where autofocus was beaten by something else.
  document.querySelector(".k-error-summary")?.focus();

  // Forms that must not be sent twice.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post" || event.defaultPrevented) return;
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = "1";
    setTimeout(() => delete event.target.dataset.sent, 4000);
  });

  // A wide drawing opens at its middle, where what the page is about stands.
  for (const box of document.querySelectorAll("[data-centre]")) {
    box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
  }

  // Printing buttons: <button data-print>
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
