"use strict";
// Selecting words of the text by mouse or keys. Offsets are Unicode code points; a JavaScript string counts UTF-16 units.
(function () {
  var timer = 0, asking = null;
  function one(selector) { return document.querySelector(selector); }
  function text() { return one("#text"); }
  function armed() { return one("[data-armed].armed") || one("form[data-armed]:not([data-many])"); }
  function points(string) { var count = 0; for (var _ of string) count++; return count; }
  function leafOf(node) {
    var element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    var leaf = element && element.closest("[data-start]");
    return leaf && text() && text().contains(leaf) ? leaf : null;
  }
  // The place in the document of a point of the page, or -1.
  function place(node, offset) {
    var leaf = leafOf(node), range;
    if (leaf) {
      range = document.createRange();
      range.setStart(leaf, 0);
      range.setEnd(node, offset);
      return Number(leaf.dataset.start) + points(range.toString());
    }
    var box = text();
    if (!box || !box.contains(node)) return -1;
    range = document.createRange();
    range.setStart(node, offset);
    range.setEnd(box, box.childNodes.length);
    var leaves = Array.from(box.querySelectorAll("[data-start]"));
    var next = leaves.find(function (one) { return range.comparePoint(one, 0) === 0; });
    if (next) return Number(next.dataset.start);
    var last = leaves[leaves.length - 1];
    return last ? Number(last.dataset.start) + points(last.textContent) : -1;
  }
  // The point of the page at a place in the document.
  function point(at) {
    var leaves = Array.from(text().querySelectorAll("[data-start]"));
    for (var leaf of leaves) {
      var left = at - Number(leaf.dataset.start);
      if (left < 0 || left > points(leaf.textContent)) continue;
      var walker = document.createTreeWalker(leaf, NodeFilter.SHOW_TEXT), node;
      while ((node = walker.nextNode())) {
        var units = 0, count = 0;
        for (var sign of node.data) { if (count === left) break; units += sign.length; count++; }
        if (count === left) return [node, units];
        left -= count;
      }
    }
    return null;
  }
  function select(from, to) {
    var a = point(from), b = point(to);
    if (a && b) getSelection().setBaseAndExtent(a[0], a[1], b[0], b[1]);
    return a;
  }
  // Scroll the text, and nothing else, to a mark that cannot be seen.
  function show(box, mark) {
    var inside = mark.getBoundingClientRect(), around = box.getBoundingClientRect();
    if (inside.top < around.top || inside.top > around.bottom - 60) box.scrollTop += inside.top - around.top - box.clientHeight / 4;
  }
  function refuse(event) { event.preventDefault(); }
  function arm(form, grab) {
    var box = text();
    if (!box) return;
    if (!form.querySelector("[data-from]")) {
      var first = form.querySelector("[data-first]");
      if (first && grab) first.focus();
      return;
    }
    cursor(box, "select the words that give the " + form.dataset.armed);
    if (!grab) return;
    box.focus({ preventScroll: true });
    var from = form.querySelector("[data-from]").value, to = form.querySelector("[data-to]").value;
    if (from && to) select(Number(from), Number(to));
    else begin();
    var mark = getSelection().focusNode && getSelection().focusNode.parentElement;
    if (mark && box.contains(mark)) show(box, mark);
  }
  function begin() {
    var evidence = one("#evidence [data-start]");
    if (evidence) select(Number(evidence.dataset.start), Number(evidence.dataset.start));
  }
  function cursor(box, words) {
    if (!box.isContentEditable) {
      // A cursor to select with, by keys and screen readers; nothing can be typed or pasted.
      box.setAttribute("contenteditable", "true");
      box.setAttribute("role", "textbox");
      box.setAttribute("aria-multiline", "true");
      box.setAttribute("aria-readonly", "true");
      box.setAttribute("inputmode", "none");
      box.setAttribute("spellcheck", "false");
      ["beforeinput", "paste", "cut", "drop", "dragstart"].forEach(function (name) { box.addEventListener(name, refuse); });
    }
    box.setAttribute("aria-label", "Text of the document: " + words);
  }
  // In a whole document the cursor is there by a key, too: what is selected starts a record.
  document.addEventListener("coopledger:text", function () {
    var box = text();
    if (!box.dataset.drafts || box.isContentEditable) return;
    cursor(box, "select the words that state an act");
    begin();
  });
  function disarm() {
    var box = text();
    if (!box || !box.isContentEditable) return;
    box.removeAttribute("contenteditable");
    ["aria-multiline", "aria-readonly", "inputmode"].forEach(function (name) { box.removeAttribute(name); });
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Text of the document");
    ["beforeinput", "paste", "cut", "drop", "dragstart"].forEach(function (name) { box.removeEventListener(name, refuse); });
  }
  function cancel() {
    var editor = one("#editor"), back = one("[data-back]");
    if (back) { back.click(); return; }
    if (editor) editor.replaceChildren();
    disarm();
    getSelection().removeAllRanges();
    var title = one("#title");
    if (title) title.focus({ preventScroll: true });
  }
  function read() {
    var form = armed(), selection = getSelection();
    if (asking) return asking;
    if (!form || !form.querySelector("[data-from]") || !selection.rangeCount || selection.isCollapsed) return;
    var range = selection.getRangeAt(0);
    if (!text() || !text().contains(range.commonAncestorContainer)) return;
    var from = place(range.startContainer, range.startOffset), to = place(range.endContainer, range.endOffset);
    if (from < 0 || to <= from) return;
    if (form.dataset.asked === from + "-" + to) return;
    if (String(from) === form.querySelector("[data-from]").value && String(to) === form.querySelector("[data-to]").value) return;
    form.dataset.asked = from + "-" + to;
    var address = form.dataset.read + "&start=" + from + "&end=" + to + rate();
    var key = form.dataset.armed;
    asking = htmx.ajax("GET", address, { target: form, swap: "outerHTML", source: form }).finally(function () {
      asking = null;
      var fresh = one("[data-armed='" + key + "']");
      if (fresh) {
        fresh.dataset.asked = from + "-" + to;
        if (fresh.matches("fieldset")) fresh.classList.add("armed");
        keep(form, fresh);
      }
      return read(); // the selection may have moved on meanwhile
    });
    return asking;
  }
  // What was typed while the words were being read stays.
  function keep(old, fresh) {
    old.querySelectorAll("[data-touched]").forEach(function (input) {
      var same = fresh.querySelector("[name='" + input.name + "']");
      if (!same) return;
      same.value = input.value;
      same.dataset.touched = "";
      if (input === old.querySelector("[data-held]")) same.focus();
    });
  }
  document.addEventListener("input", function (event) {
    if (event.target.matches("[data-names]")) names(event.target);
    if (event.target.closest("[data-armed]") && event.target.name) event.target.dataset.touched = "";
  });
  document.addEventListener("focusin", function (event) {
    document.querySelectorAll("[data-held]").forEach(function (one) { one.removeAttribute("data-held"); });
    if (event.target.closest("[data-armed]")) event.target.dataset.held = "";
  });
  // Names that the ledger has, as they are typed.
  function names(input) {
    var list = one("#names");
    if (!list || input.value.length < 2) return;
    fetch("/names?q=" + encodeURIComponent(input.value)).then(function (answer) { return answer.ok ? answer.json() : []; })
      .then(function (found) {
        list.replaceChildren.apply(list, found.map(function (name) {
          var option = document.createElement("option");
          option.value = name;
          return option;
        }));
      }, function () {});
  }
  function rate() {
    var years = one("[data-many] [name='year.years']");
    var year = years && /\d{4}/.exec(years.value);
    return year ? "&year=" + year[0] : "";
  }
  // In a whole document, words that are selected start a record at once; the form is beside the text, to be saved by Enter.
  var held = false, drafted = "";
  document.addEventListener("pointerdown", function () { held = true; });
  ["pointerup", "pointercancel"].forEach(function (name) {
    document.addEventListener(name, function () { held = false; soon(); });
  });
  function fresh() { return one("#new form[data-many]"); }
  function draft() {
    var box = text(), selection = getSelection();
    if (held || !box || !box.dataset.drafts || armed() || one("#editor form") || !selection.rangeCount) return;
    if (selection.isCollapsed || (fresh() && fresh().querySelector("[data-touched]"))) return;
    var range = selection.getRangeAt(0);
    if (!box.contains(range.commonAncestorContainer)) return;
    var from = place(range.startContainer, range.startOffset), to = place(range.endContainer, range.endOffset);
    if (from < 0 || to <= from || drafted === from + "-" + to) return;
    drafted = from + "-" + to;
    asking = htmx.ajax("GET", box.dataset.drafts + "&start=" + from + "&end=" + to, { target: "#new", swap: "innerHTML" })
      .finally(function () { asking = null; });
  }
  function leave() {
    drafted = "";
    one("#new").replaceChildren();
    disarm();
    getSelection().removeAllRanges();
  }
  document.addEventListener("keydown", function (event) {
    if (!fresh() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    var free = event.target === document.body || event.target.id === "main" || event.target.id === "title" || event.target === text();
    var button = fresh().contains(event.target) && event.target.closest("button, summary");
    if (event.key === "Escape" && (free || button)) { event.preventDefault(); leave(); }
    if (event.key === "Enter" && free) { event.preventDefault(); save(); }
  });
  // A mark in the text leads to its record; where several share it, to the one after the one that is open.
  document.addEventListener("click", function (event) {
    var mark = event.target.closest("#text.whole [data-records]");
    if (!mark || !getSelection().isCollapsed || text().isContentEditable) return;
    var ids = mark.dataset.records.split(" "), open = one("[data-item][aria-current]");
    var here = open ? ids.indexOf(open.dataset.item) : -1;
    var link = one("[data-item='" + CSS.escape(ids[(here + 1) % ids.length]) + "']");
    if (link && link !== open) link.click();
  });
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(function () { read(); draft(); }, 120);
  }
  document.addEventListener("selectionchange", soon);
  document.addEventListener("htmx:afterSettle", function (event) {
    var form = event.detail.target && event.detail.target.id === "editor" && one("#editor form[data-armed]");
    if (form) arm(form, true);
    else if (event.detail.target === document.body) open();
  });
  function open() {
    var form = one("#editor form[data-armed]");
    if (form) arm(form, true);
    var fieldset = one("form[data-many] [data-armed].armed");
    if (fieldset) arm(fieldset, true);
    var wrong = one("[aria-invalid]");
    if (!wrong) return;
    wrong.focus();
    if (wrong.select) wrong.select();
  }
  document.addEventListener("DOMContentLoaded", open);
  function take(fieldset, grab) {
    document.querySelectorAll("[data-many] .armed").forEach(function (other) { other.classList.remove("armed"); });
    fieldset.classList.add("armed");
    arm(fieldset, grab);
  }
  document.addEventListener("focusin", function (event) {
    var fieldset = event.target.closest("[data-many] [data-armed]");
    if (fieldset && !fieldset.classList.contains("armed")) take(fieldset, false);
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-cancel]")) cancel();
    if (event.target.closest("[data-cancel-new]")) leave();
    var arming = event.target.closest("[data-arm]");
    if (arming) take(arming.closest("[data-armed]"), true);
  });
  document.addEventListener("keydown", function (event) {
    var inside = text() && text().contains(event.target) && text().isContentEditable;
    if (event.defaultPrevented || !(armed() || inside)) return;
    if (event.key === "Escape" && (one("#editor form") || !armed())) { event.preventDefault(); cancel(); return; }
    if (!inside) return;
    if (event.key === "Enter") {
      event.preventDefault();
      save();
    } else if (/^[1-8]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      var many = one("form[data-many] [data-digit='" + event.key + "']");
      var other = document.querySelectorAll(".facts [data-edit]")[Number(event.key) - 1];
      if (many) take(many, true);
      else if (other) other.click();
    } else if (event.key === "?") {
      event.preventDefault();
      one("#keys").showModal();
    }
  });
  // Enter saves in every control of a form whose button says so, after the words last selected are read.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    var form = event.target.closest("form");
    if (!form || !form.querySelector("[data-save]") || event.target.closest("button, summary, a, textarea")) return;
    event.preventDefault();
    save();
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-save]") || !asking) return;
    event.preventDefault();
    save();
  });
  function saving() { return one("#editor form[data-armed]") || one("form[data-many]"); }
  function save() {
    clearTimeout(timer);
    Promise.resolve(read()).catch(function () {}).then(function () {
      var form = saving(), button = form && form.querySelector("[data-save]");
      if (form && form.isConnected) form.requestSubmit(button);
    });
  }
})();
