/* The tree of /kurumlar/: branches are fetched into the page, and the keyboard works as in any tree.
   Without this file every toggle is a link that opens its branch on a new page. */
"use strict";

(() => {
  const tree = document.querySelector("[data-tree]");
  if (!tree) return;

  const itemOf = (element) => element.closest(".d-tree__item");
  const linkOf = (item) => item.querySelector(":scope > .d-tree__row > .d-tree__name, :scope > a[data-more]");
  const toggleOf = (item) => item.querySelector(":scope > .d-tree__row > .d-tree__toggle[data-branch]");
  const branchOf = (item) => item.querySelector(":scope > ul");
  const isOpen = (item) => branchOf(item) && !branchOf(item).hidden;

  // --- Roles and names: only with the script, since only it brings the keyboard they promise.
  const dress = (list, level) => {
    list.setAttribute("role", list === tree ? "tree" : "group");
    for (const item of list.children) {
      item.setAttribute("role", "none");
      const link = linkOf(item);
      if (!link) continue;
      link.setAttribute("role", "treeitem");
      link.setAttribute("aria-level", String(level));
      link.tabIndex = -1;
      const toggle = toggleOf(item);
      if (toggle) {
        toggle.tabIndex = -1;
        toggle.setAttribute("aria-hidden", "true");
        link.setAttribute("aria-expanded", String(Boolean(isOpen(item))));
      }
      const meta = item.querySelector(":scope > .d-tree__row > .d-tree__meta");
      if (meta) {
        meta.id = `${item.id}-meta`;
        link.setAttribute("aria-describedby", meta.id);
      }
      const branch = branchOf(item);
      if (branch) {
        branch.id = `${item.id}-branch`;
        link.setAttribute("aria-owns", branch.id);
        dress(branch, level + 1);
      }
    }
  };

  const visibleLinks = () =>
    [...tree.querySelectorAll("[role=treeitem]")].filter((link) => !link.closest("ul[hidden]"));

  let current = null;
  const focus = (link, move = true) => {
    if (!link) return;
    if (current) current.tabIndex = -1;
    current = link;
    link.tabIndex = 0;
    if (move) link.focus();
  };

  // --- Fetching
  const fetchItems = async (url) => {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    return [...template.content.children].filter((child) => child.tagName === "LI");
  };

  const status = (text) => {
    const item = document.createElement("li");
    item.className = "d-tree__status";
    item.setAttribute("role", "none");
    item.textContent = text;
    return item;
  };

  const levelOf = (list) => {
    let level = 1;
    for (let up = list.parentElement; up && up !== tree.parentElement; up = up.parentElement) {
      if (up.tagName === "UL") level += 1;
    }
    return level;
  };

  const say = (text) => {
    const live = document.getElementById("live");
    if (live) live.textContent = text;
  };

  const open = async (item) => {
    const link = linkOf(item);
    const toggle = toggleOf(item);
    if (!toggle || isOpen(item)) return;
    let branch = branchOf(item);
    if (!branch) {
      branch = document.createElement("ul");
      branch.className = "d-tree__branch";
      branch.append(status(tree.dataset.loading));
      item.append(branch);
      say(tree.dataset.loading);
      try {
        branch.replaceChildren(...(await fetchItems(toggle.dataset.branch)));
      } catch {
        branch.remove();
        say(tree.dataset.failed);
        return;
      }
      dress(branch, levelOf(branch));
      branch.id = `${item.id}-branch`;
      link.setAttribute("aria-owns", branch.id);
      say("");
    }
    branch.hidden = false;
    toggle.dataset.open = "";
    link.setAttribute("aria-expanded", "true");
  };

  const close = (item) => {
    if (!isOpen(item)) return;
    branchOf(item).hidden = true;
    delete toggleOf(item).dataset.open;
    linkOf(item).setAttribute("aria-expanded", "false");
    if (current && branchOf(item).contains(current)) focus(linkOf(item));
  };

  const more = async (link) => {
    const item = itemOf(link);
    const list = item.parentElement;
    say(tree.dataset.loading);
    try {
      const known = new Set([...list.children].map((other) => other.id));
      const items = (await fetchItems(link.dataset.more)).filter((other) => !other.id || !known.has(other.id));
      const had = current === link;
      item.replaceWith(...items);
      dress(list, levelOf(list));
      say("");
      const first = items.length && linkOf(items[0]);
      if (first) focus(first, had);
    } catch {
      say(tree.dataset.failed);
    }
  };

  // --- Mouse
  tree.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    const toggle = event.target.closest(".d-tree__toggle[data-branch]");
    const next = event.target.closest("a[data-more]");
    if (toggle) {
      event.preventDefault();
      const item = itemOf(toggle);
      if (isOpen(item)) close(item);
      else open(item);
      focus(linkOf(item));
    } else if (next) {
      event.preventDefault();
      more(next);
    }
  });
  tree.addEventListener("focusin", (event) => {
    if (event.target.getAttribute("role") === "treeitem") focus(event.target, false);
  });

  // --- Keyboard
  let typed = "";
  let typedAt = 0;
  const typeahead = (letter) => {
    typed = Date.now() - typedAt > 700 ? letter : typed + letter;
    typedAt = Date.now();
    // The same letter again goes on to the next name that begins with it.
    if ([...typed].every((other) => other === letter)) typed = letter;
    const wanted = typed.toLocaleLowerCase("tr");
    const links = visibleLinks();
    const from = links.indexOf(current) + (typed.length === 1 ? 1 : 0);
    const ordered = [...links.slice(from), ...links.slice(0, from)];
    focus(ordered.find((link) => link.textContent.trim().toLocaleLowerCase("tr").startsWith(wanted)));
  };

  const right = (item) => {
    if (isOpen(item)) focus(visibleLinks()[visibleLinks().indexOf(current) + 1]);
    else open(item);
  };
  const left = (item) => {
    const above = item.parentElement.closest(".d-tree__item");
    if (isOpen(item)) close(item);
    else if (above) focus(linkOf(above));
  };

  tree.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.ctrlKey || !current) return;
    const item = itemOf(current);
    const links = visibleLinks();
    const at = links.indexOf(current);
    const moves = {
      ArrowDown: () => focus(links[at + 1]),
      ArrowUp: () => focus(links[at - 1]),
      ArrowRight: () => right(item),
      ArrowLeft: () => left(item),
      Home: () => focus(links[0]),
      End: () => focus(links[links.length - 1]),
      " ": () => (isOpen(item) ? close(item) : open(item)),
      "*": () => [...item.parentElement.children].forEach((other) => toggleOf(other) && open(other)),
    };
    if (moves[event.key]) {
      event.preventDefault();
      typed = "";
      moves[event.key]();
    } else if (event.key.length === 1) {
      typeahead(event.key);
    }
  });

  document.documentElement.classList.add("js");
  tree.setAttribute("aria-label", tree.dataset.label);
  dress(tree, 1);
  const target = location.hash && document.getElementById(location.hash.slice(1));
  focus((target && tree.contains(target) && linkOf(target)) || visibleLinks()[0], false);
})();
