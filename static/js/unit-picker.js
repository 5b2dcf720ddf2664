/* Suggestions in a field that names a unit or a person: [data-picker="address"] around a text input, the editable combobox pattern
   of the ARIA authoring practices. The address answers &q= with {"results": [{"title", "kind", "path", "value"}, …]}; with
   [data-method="post"] what is typed is sent in the body, because it may be a national id.
   Without this file the field takes a name or number, and asks back after sending. */
"use strict";

(() => {
  const WAIT = 150; // ms after the last key

  class Picker {
    constructor(box) {
      this.box = box;
      this.input = box.querySelector("input");
      this.list = document.createElement("ul");
      this.list.className = "k-suggest";
      this.list.id = `${this.input.id}-options`;
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", box.dataset.label);
      box.append(this.list);
      for (const [name, value] of Object.entries({
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": this.list.id,
      })) this.input.setAttribute(name, value);
      this.active = -1;
      this.input.addEventListener("input", () => this.schedule());
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
    }

    schedule() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT);
    }

    async ask() {
      const query = this.input.value.trim();
      this.request?.abort();
      if (query.length < 2) return this.close();
      this.request = new AbortController();
      try {
        const answer = await this.send(query, this.request.signal);
        if (answer.ok) this.show((await answer.json()).results);
      } catch (error) {
        if (error.name !== "AbortError") this.close();
      }
    }

    send(query, signal) {
      const { picker, method } = this.box.dataset;
      const headers = { Accept: "application/json" };
      if (method !== "post") return fetch(`${picker}&q=${encodeURIComponent(query)}`, { signal, headers });
      headers["X-CSRFToken"] = this.input.form.elements.csrfmiddlewaretoken.value;
      return fetch(picker, { method: "POST", body: new URLSearchParams({ q: query }), signal, headers });
    }

    show(results) {
      this.active = -1;
      this.list.replaceChildren(...results.map((result, i) => this.option(result, i)));
      const open = results.length > 0 && document.activeElement === this.input;
      this.list.hidden = !open;
      this.input.setAttribute("aria-expanded", String(open));
      this.input.removeAttribute("aria-activedescendant");
      const live = document.getElementById("live");
      const { none, some } = this.box.dataset;
      if (live) live.textContent = results.length ? `${results.length} ${some}` : none;
    }

    option(result, index) {
      const item = document.createElement("li");
      item.id = `${this.list.id}-${index}`;
      item.className = "k-suggest__item";
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.value = result.value;
      for (const part of ["title", "kind", "path"]) {
        if (!result[part]) continue;
        const text = document.createElement("span");
        text.className = `k-suggest__${part}`;
        text.textContent = result[part];
        item.append(text, " ");
      }
      item.addEventListener("click", () => this.take(item));
      return item;
    }

    take(item) {
      clearTimeout(this.timer);
      this.request?.abort();
      this.input.value = item.dataset.value;
      this.close();
      this.input.focus();
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    key(event) {
      const items = [...this.list.children];
      const open = !this.list.hidden;
      if (event.key === "Escape" && open) {
        event.preventDefault();
        this.close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) return this.ask();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const count = items.length + 1; // one more: back in the field itself
        this.mark(items, ((this.active + 1 + step + count) % count) - 1);
      } else if (event.key === "Enter" && open && this.active >= 0) {
        event.preventDefault();
        this.take(items[this.active]);
      }
    }

    mark(items, index) {
      items[this.active]?.setAttribute("aria-selected", "false");
      this.active = index;
      const item = items[index];
      if (!item) return this.input.removeAttribute("aria-activedescendant");
      item.setAttribute("aria-selected", "true");
      item.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", item.id);
    }

    close() {
      this.list.hidden = true;
      this.active = -1;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  for (const box of document.querySelectorAll("[data-picker]")) new Picker(box);
})();
