"use strict";
// Everything by the keyboard: keys press the buttons and links that are there for the mouse.
(function () {
  function one(selector) { return document.querySelector(selector); }
  function say(words) { var said = one("#said"); if (said) said.textContent = words; }
  function typing(target) {
    return target.closest && target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea");
  }
  function busy() { return document.body.classList.contains("htmx-request") || !!one("form.htmx-request"); }
  function press(selector) {
    var row = document.activeElement && document.activeElement.closest("[data-row]");
    var found = (row && row.querySelector(selector)) || one(selector);
    if (!found || found.disabled) return false;
    if (!row && found.closest("[data-row]")) return false; // of a list, nothing is decided that was not chosen
    found.click();
    return true;
  }
  function rows() { return Array.from(document.querySelectorAll("[data-row] > a, .ticked [type=checkbox]")); }
  function step(by) {
    var all = rows();
    if (!all.length) return press(by > 0 ? "[data-next]" : "[data-previous]");
    var here = all.indexOf(document.activeElement);
    var next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + by))];
    next.focus();
    return true;
  }
  function doubtful() {
    var asked = one("[data-asked] [data-edit]");
    if (asked) return asked;
    var fields = Array.from(document.querySelectorAll("[data-doubt]")).filter(function (field) {
      return field.querySelector("[data-edit]");
    });
    fields.sort(function (a, b) { return b.dataset.doubt - a.dataset.doubt; });
    return fields.length ? fields[0].querySelector("[data-edit]") : null;
  }
  function focus(selector) {
    var found = one(selector);
    if (found) { found.focus(); if (found.select) found.select(); }
    return !!found;
  }
  function keys() {
    var dialog = one("#keys");
    if (dialog && !dialog.open) dialog.showModal();
    return !!dialog;
  }
  var does = {
    "a": function () { return press("[data-key=a]"); },
    "x": function () { return press("[data-key=x]"); },
    "s": function () { return press("[data-key=s]"); },
    "u": function () { return press("[data-key=u]"); },
    "e": function () { var link = doubtful(); if (link) link.click(); return !!link; },
    "r": function () {
      var why = one(".why-not");
      if (!why) return false;
      why.open = true;
      if (!one(".why-not [name=reason]:checked")) one(".why-not [name=reason]").checked = true; // what has the focus counts
      return focus(".why-not [name=reason]:checked");
    },
    "n": function () { return focus("#note"); },
    "t": function () {
      var there = focus("#text");
      if (there) document.dispatchEvent(new CustomEvent("coopledger:text"));
      return there;
    },
    "b": function () { return press("[data-bulk]"); },
    "m": function () { return press("[data-document]"); },
    "g": function () { return press("[data-list]"); },
    "j": function () { return step(1); },
    "k": function () { return step(-1); },
    "/": function () { return focus("[data-search]") || press("[data-list]"); },
    "?": keys,
    "Enter": function (event) {
      return event.target === document.body || event.target.id === "main" ? press("a[data-start]") : false;
    }
  };
  ["kind", "status", "actor", "partner", "year", "amount", "sector", "evidence"].forEach(function (name, place) {
    var digit = String(place + 1);
    does[digit] = function () {
      var many = one("form[data-many]"); // of a new record, digits choose the field that is selected next
      return many ? press("[data-many] [data-digit='" + digit + "'] [data-arm]") : press("[data-edit=" + name + "]");
    };
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    var dialog = one("dialog[open]");
    if (dialog) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (event.key === "Enter" && event.target.matches && event.target.matches("#note")) {
      event.preventDefault(); // a note is kept; it decides nothing
      event.target.blur();
      return;
    }
    if (typing(event.target) || event.target.isContentEditable) return;
    if (event.repeat && "axsu".indexOf(event.key) >= 0) return;
    var act = does[event.key];
    if (act && !busy() && act(event)) event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : event.target.parentElement;
    if (target.closest("[data-keys-open]")) keys();
    var reload = target.closest("[data-reload]");
    if (reload) { event.preventDefault(); location.reload(); }
    ["#who", ".why-not"].forEach(function (which) {
      var opened = one(which + "[open]");
      if (opened && !target.closest(which)) opened.open = false;
    });
  });
  // What was typed or selected in an edit is not lost by a decision or by going on: it is saved or left first.
  document.addEventListener("click", function (event) {
    var form = one("#editor form, #new form");
    if (!form || !(form.closest("#new") || form.dataset.asked || form.querySelector("[data-touched]"))) return;
    if (!event.target.closest("[data-key], [data-next], [data-previous], [data-list], [data-document], [data-edit], [data-item], .why-not .button")) return;
    event.preventDefault();
    event.stopPropagation();
    var save = form.querySelector("[data-save]"), told = form.querySelector(".alert.held") || document.createElement("p");
    told.className = "alert held"; told.setAttribute("role", "alert");
    told.textContent = "Save this first (Enter), or leave it (Esc).";
    save.parentElement.before(told);
    save.focus();
  }, true);
  // A note that was not sent yet, kept by record for this window.
  function draftOf(note) { return "note:" + location.host + ":" + note.dataset.note; }
  document.addEventListener("input", function (event) {
    if (!event.target.matches("[data-note]")) return;
    if (event.target.value) sessionStorage.setItem(draftOf(event.target), event.target.value);
    else sessionStorage.removeItem(draftOf(event.target));
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var sent = event.detail.requestConfig, form = sent && sent.elt; // detail.elt is another once the page was swapped
    if (!event.detail.successful || !form || sent.verb !== "post" || !form.querySelector) return;
    if (!/^\/(decide|edit)$/.test(form.getAttribute("action") || "")) return;
    var record = form.querySelector("[name=record]");
    if (record) sessionStorage.removeItem("note:" + location.host + ":" + record.value);
  });
  function arrived() {
    var note = one("[data-note]");
    if (note && !note.value) note.value = sessionStorage.getItem(draftOf(note)) || "";
    document.querySelectorAll("[data-open-wide]").forEach(function (side) { side.open = window.innerWidth > 820; });
    var text = one("#text"), evidence = one("#evidence");
    if (text && evidence) {
      var place = evidence.getBoundingClientRect().top - text.getBoundingClientRect().top + text.scrollTop;
      text.scrollTop = Math.max(0, place - text.clientHeight / 4);
    }
  }
  document.addEventListener("DOMContentLoaded", arrived);
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.target !== document.body) return;
    arrived();
    window.scrollTo(0, 0);
    var start = one("[autofocus]") || one("#title") || one("#main");
    if (start) start.focus({ preventScroll: true });
    say(document.title);
  });
  document.addEventListener("htmx:sendError", function () {
    say("");
    var news = one("#news");
    if (news && !one("#offline")) {
      var told = document.createElement("p");
      told.id = "offline"; told.className = "alert"; told.setAttribute("role", "alert");
      told.textContent = "The page's program does not answer: what you decide now is not saved. Is it still running?";
      news.before(told);
    }
  });
  document.addEventListener("htmx:afterOnLoad", function () { var told = one("#offline"); if (told) told.remove(); });
})();
