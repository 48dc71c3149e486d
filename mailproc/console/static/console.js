// A little help: the pages work without it. It keeps lists live, shows letters
// in place, tells who else looks at a case, and gives the keyboard its moves.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const live = document.getElementById("live");
  const one = document.getElementById("case");

  // A list asks for itself again when the server says that something changed.
  async function refresh() {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" } });
    if (!answer.ok || answer.redirected) { if (answer.redirected) location.reload(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("live");
    if (!now) return;
    const old = new Map([...live.querySelectorAll("a.open")].map(a => [a.getAttribute("href"), a.closest(".row").textContent]));
    const at = document.activeElement?.getAttribute?.("href");
    live.replaceChildren(...now.childNodes);
    for (const a of live.querySelectorAll("a.open")) {
      const row = a.closest(".row");
      if (old.size && old.get(a.getAttribute("href")) !== row.textContent) row.classList.add("fresh");
      if (a.getAttribute("href") === at) a.focus({ preventScroll: true });
    }
    for (const part of [".tabs", ".rail nav", ".bar > .muted"]) {
      const a = document.querySelector(part), b = page.querySelector(part);
      if (a && b && a.innerHTML !== b.innerHTML) a.replaceChildren(...b.childNodes);
    }
  }
  if (live?.dataset.live) {
    let last = Number(live.dataset.height), busy = false, again = false;
    const run = async () => {
      if (busy) { again = true; return; }
      busy = true;
      try { await refresh(); } catch { /* the stream will say so again */ }
      busy = false;
      if (again) { again = false; run(); }
    };
    const events = new EventSource(live.dataset.live);
    events.addEventListener("changed", e => {
      const { height } = JSON.parse(e.data);
      if (height !== last) { last = height; run(); }
    });
    addEventListener("pagehide", () => events.close());
  }

  // A case tells when it moved, and who else has it open.
  if (one) {
    const presence = document.getElementById("presence"), moved = document.getElementById("moved");
    const events = new EventSource("/cases/" + encodeURIComponent(one.dataset.case) + "/live");
    events.addEventListener("case", e => {
      const { version, others } = JSON.parse(e.data);
      presence.hidden = !others?.length;
      const names = document.createElement("b");
      names.textContent = (others ?? []).join(", ");
      presence.replaceChildren(one.dataset.others + " ", names);
      if (version === Number(one.dataset.version)) return;
      if (!document.querySelector(".verb[open]")) { location.replace("/cases/" + encodeURIComponent(one.dataset.case)); return; }
      const link = document.createElement("a");
      link.href = "/cases/" + encodeURIComponent(one.dataset.case);
      link.textContent = one.dataset.reload;
      moved.replaceChildren(one.dataset.moved + " ", link);
      moved.hidden = false;
    });
    addEventListener("pagehide", () => events.close());
  }

  // The letter that a button would send, as the form is filled in.
  for (const form of document.querySelectorAll("form[data-sends]")) {
    const box = form.querySelector(".preview"), see = form.querySelector(".see");
    let turn = 0;
    const show = async () => {
      const mine = ++turn, data = new FormData(form);
      data.delete("file");
      const answer = await fetch(see.formAction, { method: "POST", headers: { "X-Fragment": "1" }, body: new URLSearchParams(data) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine === turn && (answer.ok || answer.status === 422)) box.replaceChildren(...page.body.childNodes);
    };
    see.addEventListener("click", e => { e.preventDefault(); show(); });
    form.addEventListener("change", e => { if (e.target.type !== "file") show(); });
    form.addEventListener("submit", () => { for (const b of form.querySelectorAll("button")) setTimeout(() => { b.disabled = true; }); });
  }
  addEventListener("pageshow", e => { if (e.persisted) for (const b of document.querySelectorAll("button:disabled")) b.disabled = false; });

  document.querySelector(".rail nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // j and k walk the rows, n turns the page, / searches, g goes to the queue, 1–9 and 0 open a verb.
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select")) {
      if (e.key === "Escape") e.target.blur?.();
      return;
    }
    const rows = [...document.querySelectorAll("[data-keys] a.open")];
    const at = rows.findIndex(a => a === document.activeElement);
    const go = n => { const a = rows[Math.max(0, Math.min(rows.length - 1, n))]; a?.focus(); a?.scrollIntoView({ block: "nearest" }); };
    switch (e.key) {
      case "j": go(at + 1); break;
      case "k": go(at < 0 ? 0 : at - 1); break;
      case "g": location.assign("/"); break;
      case "n": { const next = document.querySelector("a[rel=next]"); if (!next) return; next.click(); break; }
      case "/": { const q = document.getElementById("q"); if (!q) return; q.focus(); q.select(); break; }
      default: {
        const verbs = document.querySelectorAll(".verb");
        const verb = verbs[(Number(e.key) + 9) % 10]; // the tenth is 0
        if (!/^[0-9]$/.test(e.key) || !verb) return;
        verb.open = true;
        verb.querySelector("summary").focus();
      }
    }
    e.preventDefault();
  });
})();
