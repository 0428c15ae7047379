"use strict";
/* What files and their makers wrote reaches the page as text (`append`) or title only; the policy of the page forbids more. */

const VERDICTS = ["reject", "risk", "unchecked", "pass"];
const SEVERITIES = ["reject", "risk", "note"];
const CAUSES_SHOWN = 8;
const ROWS_PRINTED = 1000;
/* Browsers lay out no more than some ten million pixels. */
const TALLEST = 8e6;

const started = performance.now();
const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const about = JSON.parse(byId("about").textContent);
const words = about.words;
const rows = [];
for (const part of document.querySelectorAll("script.rows")) {
  for (const row of JSON.parse(part.textContent)) rows.push(row);
  part.remove();
}

/* ---- words and numbers ---- */

const number = new Intl.NumberFormat(root.lang);
const rounded = new Intl.NumberFormat(root.lang, { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat(root.lang, { style: "percent", maximumFractionDigits: 1 });

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

function size(bytes) {
  if (bytes == null) return "";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  for (; bytes >= 1000 && unit < units.length - 1; unit++) bytes /= 1000;
  return `${rounded.format(bytes)} ${units[unit]}`;
}

function duration(seconds) {
  if (seconds < 60) return `${rounded.format(seconds)} s`;
  const two = (value) => String(Math.floor(value)).padStart(2, "0");
  return `${seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : ""}${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function measure({ facts }) {
  const parts = [];
  const [width, height] = [facts.display_width ?? facts.width, facts.display_height ?? facts.height];
  if (width != null && height != null) parts.push(`${width} × ${height}`);
  if (facts.duration_s != null) parts.push(duration(facts.duration_s));
  return parts;
}

/* ---- elements ---- */

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value != null && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null && child !== ""));
  return made;
}

function drawing(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/* ---- what decides about a row ---- */

/* The first of the gravest findings, in the file itself or in what it carries. */
function causeOf(row) {
  let cause = row.findings[0]?.severity === "note" ? undefined : row.findings[0];
  for (const item of row.items ?? []) {
    const other = causeOf(item);
    if (other && (!cause || SEVERITIES.indexOf(other.severity) < SEVERITIES.indexOf(cause.severity))) cause = other;
  }
  return cause;
}

const message = (finding) => finding.message ?? about.defects[finding.defect].message;
const remedy = (finding) => finding.remedy ?? about.defects[finding.defect].remedy;

/* How much of the picture is there, from 0 to 1. */
function intact(row) {
  let least;
  for (const finding of row.findings) {
    const height = row.facts.height;
    const part = finding.intact ?? (finding.row != null && height > 0 ? Math.min(1, finding.row / height) : undefined);
    if (part != null && finding.severity !== "note" && !(part >= least)) least = part;
  }
  return least;
}

rows.forEach((row, index) => {
  row.index = index;
  row.cause = causeOf(row);
  row.gravity = VERDICTS.indexOf(row.verdict);
  row.pixels = (row.facts.width ?? 0) * (row.facts.height ?? 0);
  if (row.line != null) row.path += `:${row.line}`;
});

/* Made when it is first needed, and kept. */
function haystack(row) {
  const { cause } = row;
  row.text ??= [row.path, row.format ?? "", row.operation ?? "",
    ...(cause ? [cause.code ?? "", cause.defect, message(cause)] : [])].join("\n").toLowerCase();
  return row.text;
}

/* ---- which rows are shown, in which order: kept in the address, so that a view can be linked to ---- */

const view = { q: "", verdict: "", code: "", defect: "", format: "", sort: "", file: "" };
let shown = [];
let timer;

const KEYS = {
  file: (row) => row.path.toLowerCase(),
  verdict: (row) => row.gravity,
  problem: (row) => (row.cause ? `${row.cause.code ?? "~"} ${row.cause.defect}` : "\uffff"),
  format: (row) => row.format ?? "\uffff",
  size: (row) => row.bytes ?? -1,
  measure: (row) => row.pixels || (row.facts.duration_s ?? 0),
};

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const key of Object.keys(view)) view[key] = given.get(key) ?? "";
}

function writeAddress() {
  const given = new URLSearchParams(Object.entries(view).filter(([, value]) => value !== ""));
  const hash = given.toString();
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}

function select() {
  const begun = performance.now();
  const terms = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  shown = rows.filter((row) =>
    (!view.verdict || row.verdict === view.verdict) &&
    (!view.format || (row.format ?? "?") === view.format) &&
    (!view.defect || row.cause?.defect === view.defect) &&
    (!view.code || (row.cause?.code ?? "-") === view.code) &&
    terms.every((term) => haystack(row).includes(term)));
  const [, down, column] = /^(-?)(\w*)$/.exec(view.sort) ?? [];
  const key = Object.hasOwn(KEYS, column ?? "") ? KEYS[column] : KEYS.verdict;
  const keyed = shown.map((row) => [key(row), row]);
  const turn = down ? -1 : 1;
  keyed.sort(([a, one], [b, other]) => (a < b ? -turn : a > b ? turn : one.index - other.index));
  shown = keyed.map(([, row]) => row);
  root.dataset.selected = (performance.now() - begun).toFixed(1);
}

function change(values) {
  Object.assign(view, values);
  writeAddress();
  update();
}

function update() {
  select();
  drawTools();
  const top = byId("files").offsetTop;
  if (scrollY > top) scrollTo(0, top);
  drawTable();
  drawDetails();
}

/* ---- above the table ---- */

function drawHead() {
  const parts = [fill(rows.length === 1 ? words.file_counted : words.files_counted, { n: number.format(rows.length) }), `${rounded.format(about.seconds)} s`, ...about.profiles];
  byId("run").append(parts.join(" · "));
  if (about.interrupted) byId("run").append(" · ", element("strong", {}, words.interrupted));
  const chart = byId("chart");
  const spoken = VERDICTS.map((verdict) => `${words[verdict]} ${about.verdicts[verdict]}`);
  chart.setAttribute("aria-label", spoken.join(", "));
  const ring = (attributes) => drawing("circle", { cx: 21, cy: 21, r: 17, pathLength: 100, ...attributes });
  chart.append(ring({}));
  const all = Math.max(1, rows.length);
  let from = 0;
  for (const verdict of VERDICTS) {
    const share = (about.verdicts[verdict] / all) * 100;
    if (share > 0) {
      chart.append(ring({ "data-verdict": verdict, transform: "rotate(-90 21 21)", "stroke-dasharray": `${share} 100`, "stroke-dashoffset": -from }));
    }
    from += share;
  }
  const total = number.format(rows.length);
  chart.append(drawing("text", { x: 21, y: 22, class: total.length > 6 ? "long" : "" }, total), drawing("text", { x: 21, y: 27, class: "unit" }, words.files));
}

/* What decides about files, the gravest and most frequent first. */
function causes() {
  const groups = new Map();
  for (const { cause, gravity, verdict } of rows) {
    if (!cause) continue;
    const key = `${cause.defect} ${cause.code}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { code: cause.code, defect: cause.defect, verdict, gravity, count: 1 });
    else {
      group.count++;
      if (gravity < group.gravity) Object.assign(group, { gravity, verdict });
    }
  }
  return [...groups.values()].sort((a, b) => a.gravity - b.gravity || b.count - a.count);
}

function drawCauses(all) {
  const groups = causes();
  const most = Math.max(1, ...groups.map(({ count }) => count));
  const list = groups.slice(0, all ? groups.length : CAUSES_SHOWN).map((group) => {
    const share = drawing("svg", { viewBox: "0 0 100 2", preserveAspectRatio: "none", "aria-hidden": "true" },
      drawing("rect", { width: (group.count / most) * 100, height: 2, rx: 1 }));
    const toggle = () => {
      const chosen = view.defect === group.defect && view.code === (group.code ?? "-");
      change({ defect: chosen ? "" : group.defect, code: chosen ? "" : (group.code ?? "-") });
    };
    return element("li", {}, element("button",
      { type: "button", "data-verdict": group.verdict, "data-defect": group.defect, "data-code": group.code ?? "-", click: toggle, title: about.defects[group.defect].message },
      element("b", {}, number.format(group.count)), element("span", { class: "code" }, group.code ?? "–"),
      element("code", { class: "cut" }, group.defect), share));
  });
  byId("cause-list").replaceChildren(...list);
  if (groups.length === 0) byId("cause-list").append(element("li", { class: "faint" }, words.no_causes));
  const more = byId("all-causes");
  more.hidden = all || groups.length <= CAUSES_SHOWN;
  more.textContent = fill(words.all_causes, { n: number.format(groups.length) });
  more.onclick = () => {
    drawCauses(true);
    drawTools();
  };
}

function drawTools() {
  const counts = VERDICTS.map((verdict) => element("button",
    { type: "button", "data-verdict": verdict, "aria-pressed": String(view.verdict === verdict), click: () => change({ verdict: view.verdict === verdict ? "" : verdict }) },
    element("span", {}, words[verdict]), element("b", {}, number.format(about.verdicts[verdict]))));
  const focused = document.activeElement?.dataset.verdict;
  const inside = byId("counts").contains(document.activeElement);
  byId("counts").replaceChildren(...counts);
  if (inside) counts[VERDICTS.indexOf(focused)]?.focus();
  for (const button of document.querySelectorAll("#cause-list button")) {
    const { defect, code } = button.dataset;
    button.setAttribute("aria-pressed", String(view.defect === defect && view.code === code));
  }
  if (byId("query").value !== view.q) byId("query").value = view.q;
  byId("format").value = view.format;
  const chips = [
    [view.verdict && (words[view.verdict] ?? view.verdict), { verdict: "" }],
    [[view.code, view.defect].filter((part) => part && part !== "-").join(" "), { code: "", defect: "" }],
  ];
  byId("filters").replaceChildren(...chips.filter(([text]) => text).map(([text, cleared]) =>
    element("button", { type: "button", class: "chip", title: words.remove_filter, click: () => change(cleared) }, text)));
  byId("count").textContent = fill(words.shown_of, { shown: number.format(shown.length), all: number.format(rows.length) });
  for (const head of byId("columns").children) {
    const column = head.dataset.column;
    const sorted = view.sort.replace("-", "") === column;
    if (sorted) head.setAttribute("aria-sort", view.sort.startsWith("-") ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

function prepareTools() {
  byId("query").addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => change({ q: event.target.value }), 120);
  });
  const formats = [...new Set(rows.map((row) => row.format ?? "?"))].sort();
  byId("format").append(element("option", { value: "" }, words.every_format),
    ...formats.map((format) => element("option", { value: format }, format)));
  byId("format").addEventListener("change", (event) => change({ format: event.target.value }));
  const sort = (column) => {
    const next = { [column]: `-${column}`, [`-${column}`]: "" };
    change({ sort: next[view.sort] ?? column });
  };
  const columns = ["", "file", "verdict", "problem", "format", "size", "measure"];
  byId("columns").append(...columns.map((column, at) =>
    element("div", { role: "columnheader", "data-column": column, class: [column, at > 3 && "extra", at > 4 && "number"].filter(Boolean).join(" ") },
      column && element("button", { type: "button", click: () => sort(column) }, words[`column_${column}`]))));
}

/* ---- the table: only the rows in sight are there ---- */

const ROW = 52;
const table = byId("table");
let printed = false;

function picture(row) {
  const inner = row.thumbnail
    ? element("img", { src: `data:image/jpeg;base64,${row.thumbnail}`, alt: "", decoding: "async" })
    : element("span", { class: "stand-in" }, (row.format ?? "?").toUpperCase().slice(0, 9));
  const frame = element("span", { class: "picture" }, inner);
  const part = intact(row);
  if (part != null && part < 1) {
    /* Of a picture the lower part is lost, of a film the later one. */
    const late = row.facts.duration_s != null || row.facts.tracks != null;
    const lost = element("span", { class: late ? "lost late" : "lost", title: fill(words.intact, { part: percent.format(part) }) });
    lost.style[late ? "left" : "top"] = `${part * 100}%`;
    frame.append(lost);
  }
  return frame;
}

function tableRow(row, place) {
  const slash = row.path.lastIndexOf("/");
  const { cause } = row;
  const cell = (name, ...children) => element("div", { role: "gridcell", class: name }, ...children);
  return element("div",
    { role: "row", class: "row", id: `row-${row.index}`, "aria-rowindex": place + 2, "aria-selected": String(view.file === String(row.index)), "data-verdict": row.verdict, click: () => choose(place) },
    cell("", picture(row)),
    cell("", element("div", { class: "name cut", title: row.path }, row.path.slice(slash + 1)), element("small", { class: "cut" }, row.path.slice(0, slash + 1))),
    cell("tone", words[row.verdict]),
    cell("problem", cause && element("div", { class: "cut", title: message(cause) }, cause.code && element("b", {}, cause.code), message(cause)),
      cause && element("small", { class: "cut mono" }, cause.defect)),
    cell("extra", row.format ?? "–"),
    cell("extra number", size(row.bytes)),
    cell("extra number", ...measure(row).map((part) => element("div", {}, part))));
}

/* Where the table stands: the first row in sight, and how far it is scrolled past. */
function position() {
  const whole = shown.length * ROW;
  const height = Math.min(whole, TALLEST);
  const scrolled = Math.max(0, -table.getBoundingClientRect().top);
  const scale = height > innerHeight ? (whole - innerHeight) / (height - innerHeight) : 1;
  return { height, scrolled, scale, past: scrolled * scale };
}

function drawTable() {
  table.setAttribute("aria-rowcount", shown.length + 1);
  byId("rest").textContent = "";
  if (shown.length === 0) {
    table.style.height = "";
    table.replaceChildren(element("p", { class: "empty" }, words.nothing_found));
    return;
  }
  if (printed) {
    table.replaceChildren(...shown.slice(0, ROWS_PRINTED).map(tableRow));
    if (shown.length > ROWS_PRINTED) byId("rest").textContent = fill(words.not_printed, { n: number.format(shown.length - ROWS_PRINTED) });
    return;
  }
  const { height, scrolled, past } = position();
  table.style.height = `${height}px`;
  const first = Math.max(0, Math.floor(past / ROW) - 8);
  const last = Math.min(shown.length, first + Math.ceil(innerHeight / ROW) + 16);
  const drawn = [];
  for (let place = first; place < last; place++) {
    const made = tableRow(shown[place], place);
    made.style.transform = `translateY(${scrolled + place * ROW - past}px)`;
    drawn.push(made);
  }
  table.replaceChildren(...drawn);
}

let due = false;
function drawSoon() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    drawTable();
  });
}

const chosenPlace = () => shown.findIndex((row) => String(row.index) === view.file);

function choose(place) {
  view.file = String(shown[place].index);
  writeAddress();
  drawDetails();
  bringIntoSight(place);
  drawTable();
  table.setAttribute("aria-activedescendant", `row-${view.file}`);
}

function bringIntoSight(place) {
  const { scale } = position();
  const top = table.getBoundingClientRect().top + scrollY;
  const bar = byId("bar").offsetHeight;
  const at = top + (place * ROW) / scale;
  if (at - bar < scrollY) scrollTo(0, at - bar);
  else if (at + ROW > scrollY + innerHeight) scrollTo(0, at + ROW - innerHeight);
}

function close() {
  view.file = "";
  writeAddress();
  drawDetails();
  drawTable();
  table.focus({ preventScroll: true });
}

table.addEventListener("keydown", (event) => {
  const page = Math.max(1, Math.floor(innerHeight / ROW) - 3);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (shown.length === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  const now = chosenPlace();
  if (Object.hasOwn(steps, event.key)) {
    event.preventDefault();
    choose(Math.min(shown.length - 1, Math.max(0, now + steps[event.key])));
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (now < 0) choose(0);
    else byId("details").focus();
  }
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && view.file) close();
  if (event.key === "/" && !/^(INPUT|SELECT)$/.test(event.target.tagName)) {
    event.preventDefault();
    byId("query").focus();
  }
});

/* ---- all about one file ---- */

function terms(name, pairs) {
  return element("dl", { class: name }, ...pairs.filter(([, value]) => value != null && value !== "")
    .flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]));
}

function codeMeaning(code) {
  const entry = about.codes[code];
  if (!entry) return element("p", {}, element("strong", {}, code));
  return element("details", {}, element("summary", {}, `${code} · ${entry.message}`),
    terms("", [[words.meaning, entry.meaning], [words.action, entry.action], [words.who, entry.who], [words.again, entry.again]]));
}

function findingBox(finding) {
  const known = about.defects[finding.defect];
  const place = [
    finding.in,
    finding.offset != null && fill(words.at_byte, { n: number.format(finding.offset) }),
    finding.row != null && fill(words.at_row, { n: number.format(finding.row) }),
    finding.intact != null && fill(words.intact, { part: percent.format(finding.intact) }),
    finding.more && fill(words.more, { n: number.format(finding.more) }),
  ].filter(Boolean).join(" · ");
  const sure = [finding.code && words[finding.confidence], finding.also && fill(words.or, { codes: finding.also.join(", ") })];
  const advice = remedy(finding);
  return element("div", { class: "finding", "data-verdict": finding.severity },
    element("p", { class: "message" }, message(finding)),
    element("p", { class: "faint" }, element("code", {}, finding.defect), place && ` · ${place}`),
    advice && finding.severity !== "note" && element("p", { class: "remedy" }, advice),
    finding.code && codeMeaning(finding.code),
    element("p", { class: "faint" }, sure.filter(Boolean).join(" · ")),
    known.spec && finding.severity !== "note" && element("p", { class: "faint" }, known.spec));
}

function plainValue(value) {
  if (value === true) return words.yes;
  if (value === false) return words.no;
  if (Array.isArray(value)) return value.map(plainValue).join(" : ");
  if (typeof value === "object") {
    return Object.entries(value).map(([key, part]) => `${about.facts[key] ?? key} ${plainValue(part)}`).join(", ");
  }
  return typeof value === "number" ? number.format(value) : String(value);
}

function factList({ facts, format, bytes, depth, profile, operation }) {
  const pairs = [[words.column_format, format], [words.column_size, bytes == null ? "" : `${size(bytes)} (${number.format(bytes)} B)`]];
  for (const [key, value] of Object.entries(facts)) {
    if (key === "tracks") value.forEach((track) => pairs.push([about.facts.tracks, plainValue(track)]));
    else pairs.push([about.facts[key] ?? key, plainValue(value)]);
  }
  pairs.push([words.operation, operation], [words.profile, profile], [words.depth, words[`depth_${depth}`]]);
  return terms("facts", pairs);
}

function drawDetails() {
  const box = byId("details");
  const row = view.file === "" ? undefined : rows[Number(view.file)];
  box.hidden = !row;
  document.body.classList.toggle("opened", Boolean(row));
  if (!row) return;
  const slash = row.path.lastIndexOf("/");
  box.replaceChildren(
    element("div", { class: "top" },
      element("div", { "data-verdict": row.verdict },
        element("p", { class: "title" }, row.path.slice(slash + 1)),
        element("p", { class: "faint" }, row.path.slice(0, slash + 1)),
        element("p", { class: "tone" }, words[row.verdict])),
      element("button", { type: "button", click: close, "aria-label": words.close, title: words.close }, "×")),
    row.thumbnail || intact(row) != null ? picture(row) : "",
    row.findings.length > 0 ? element("h3", {}, words.findings) : "",
    ...row.findings.map(findingBox),
    ...(row.items ?? []).map((item) => element("div", { class: "item" },
      element("h3", {}, fill(words.carried, { where: item.path })),
      element("p", { class: "tone", "data-verdict": item.verdict }, words[item.verdict]),
      ...item.findings.map(findingBox), factList(item))),
    element("h3", {}, words.facts), factList(row));
  box.scrollTop = 0;
}

/* ---- light and dark ---- */

const THEMES = ["auto", "light", "dark"];
const SIGNS = ["◐", "☀", "☾"];

function setTheme(theme) {
  root.dataset.theme = theme;
  byId("theme").textContent = `${SIGNS[THEMES.indexOf(theme)]} ${words[`theme_${theme}`]}`;
  byId("theme").title = words.theme;
}

function storedTheme() {
  try {
    return localStorage.getItem("ais-preflight-theme");
  } catch {
    return null;
  }
}

byId("theme").addEventListener("click", () => {
  const theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
  setTheme(theme);
  try {
    localStorage.setItem("ais-preflight-theme", theme);
  } catch { /* A page opened from a file may have no store. */ }
});

/* ---- beginning ---- */

const print = (now) => () => {
  printed = now;
  drawTable();
};
addEventListener("beforeprint", print(true));
addEventListener("afterprint", print(false));
addEventListener("scroll", drawSoon, { passive: true });
addEventListener("resize", drawSoon);
addEventListener("hashchange", () => {
  readAddress();
  update();
});

setTheme(THEMES.includes(storedTheme()) ? storedTheme() : "auto");
readAddress();
prepareTools();
drawHead();
drawCauses(false);
update();
root.dataset.ready = (performance.now() - started).toFixed(1);
