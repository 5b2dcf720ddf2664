/* Signing in with a card: asks the signing component on this computer for a signature over the text of the page.
   The protocol is described in docs/accounts.md. Without this file the text is signed as a file. */
"use strict";

(() => {
  const LOOK = 3000; // ms an answer may take
  const EVERY = 1000; // ms between two looks at whether it has been signed
  const box = document.getElementById("component");
  if (!box) return;
  const { url, challenge } = box.dataset;
  let signing = 0; // counts attempts: an answer to an older one is not waited for any more

  const show = (state) => {
    for (const part of box.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
    const live = document.getElementById("live");
    const told = box.querySelector(`[data-state="${state}"] p`);
    if (live && told) live.textContent = told.textContent.trim();
  };

  const ask = async (path, body) => {
    const answer = await fetch(`${url}/v1/${path}`, {
      method: body ? "POST" : "GET",
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(LOOK),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.json();
  };

  const look = async () => {
    signing += 1;
    show("looking");
    try {
      const found = await ask("durum");
      show(found.protocol !== 1 ? "missing" : found.cards ? "ready" : "no-card");
    } catch {
      show("missing");
    }
  };

  const sign = async () => {
    const attempt = (signing += 1);
    try {
      const { id, approve } = await ask("imza", { content: challenge });
      // Only a page of the component itself: its answer leads nowhere else.
      if (new URL(approve).origin !== new URL(url).origin) throw new Error("origin");
      box.querySelector("[data-approve]").href = approve;
      show("waiting");
      window.open(approve, "_blank", "noopener");
      while (attempt === signing) {
        await new Promise((wake) => setTimeout(wake, EVERY));
        const { state, signature } = await ask(`imza/${encodeURIComponent(id)}`);
        if (state === "refused") return show("declined");
        if (state === "signed") return send(signature);
      }
    } catch {
      if (attempt === signing) show("declined");
    }
  };

  const send = (signature) => {
    const form = box.querySelector("[data-result]");
    form.elements.signature.value = signature;
    form.submit();
  };

  box.addEventListener("click", (event) => {
    const action = event.target.closest("[data-action]")?.dataset.action;
    if (action === "look") look();
    if (action === "sign") sign();
  });
  box.hidden = false;
  look();
})();
