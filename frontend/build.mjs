// Builds loket/static/vendor, the icon macro and the manifest. Run: npm ci && npm run build
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { COMPONENTS, FONTS, ICONS, TOKENS } from "./parts.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "..");
const VENDOR = join(ROOT, "loket/static/vendor");
const modules = (path) => join(HERE, "node_modules", path);
const read = (path) => readFileSync(path, "utf8");
const sha256 = (data) => createHash("sha256").update(data).digest("hex");

const manifest = {};
const parties = [];

function publish(name, data) {
  const end = extname(name);
  const hashed = `${basename(name, end)}.${sha256(data).slice(0, 10)}${end}`;
  writeFileSync(join(VENDOR, hashed), data);
  manifest[name] = `vendor/${hashed}`;
  return hashed;
}

function minify(code, loader) {
  return transformSync(code, { loader, minify: true, target: ["chrome111", "firefox113", "safari16.4"], legalComments: "none" }).code;
}

function credit(packageName, source, file) {
  const { version, license } = JSON.parse(read(modules(`${packageName}/package.json`)));
  parties.push({ packageName, version, license, file, sum: sha256(readFileSync(source)) });
}

const packageOf = (path) => path.split("/").slice(0, path.startsWith("@") ? 2 : 1).join("/");

// Keep only the tokens that the CSS reaches, directly or through another token.
function prune(tokens, css) {
  const values = new Map([...tokens.matchAll(/(--[\w-]+)\s*:\s*([^;}]+);/g)].map(([, k, v]) => [k, v.trim()]));
  const uses = (text) => [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, k]) => k);
  const reached = new Set();
  const queue = uses(css);
  while (queue.length) {
    const name = queue.pop();
    if (reached.has(name) || !values.has(name)) continue;
    reached.add(name);
    queue.push(...uses(values.get(name)));
  }
  const kept = [...values].filter(([name]) => reached.has(name));
  console.log(`tokens: ${kept.length} of ${values.size}`);
  return `.voorbeeld-theme{${kept.map(([k, v]) => `${k}:${v}`).join(";")}}`;
}

function fonts() {
  return FONTS.map(({ file, name, range }) => {
    const source = modules(file);
    const hashed = publish(name, readFileSync(source));
    credit(packageOf(file), source, hashed);
    return `@font-face{font-family:"Source Sans 3";src:url(${hashed}) format("woff2");font-weight:200 900;font-display:swap;unicode-range:${range}}`;
  }).join("");
}

// Rules for rich-text containers ("--html-content") repeat every component; our macros write the classes out.
function withoutHtmlContent(css) {
  return css.replace(/@charset[^;]+;/g, "").replace(/\/\*#[^*]*\*\//g, "")
    .replace(/(?<=^|[{};])([^{}@;]+)\{([^{}]*)\}/g, (whole, selectors, body) => {
      const kept = selectors.split(/,(?![^()]*\))/).filter((s) => !s.includes("--html-content") && !s.includes(":host"));
      return kept.length ? `${kept.join(",")}{${body}}` : "";
    });
}

function styles() {
  const components = COMPONENTS.map((file) => {
    credit(packageOf(file), modules(file), "app.css");
    return withoutHtmlContent(minify(read(modules(file)), "css"));
  }).join("\n");
  const own = readdirSync(join(HERE, "src/css")).sort().map((f) => read(join(HERE, "src/css", f))).join("\n");
  const theme = read(join(HERE, "src/theme.css"));
  credit(packageOf(TOKENS), modules(TOKENS), "app.css");
  const tokens = prune(read(modules(TOKENS)), `${components}\n${own}\n${theme}`);
  const css = `@layer tokens,components,app;${fonts()}@layer tokens{${tokens}}@layer components{${components}}@layer app{${own}}`;
  publish("app.css", minify(css, "css"));
  publish("theme.css", minify(theme, "css"));
}

function scripts() {
  const htmx = modules("htmx.org/dist/htmx.min.js");
  credit("htmx.org", htmx, publish("htmx.js", read(htmx).replace(/\/\/# sourceMappingURL.*\s*$/, "")));
  const own = readdirSync(join(HERE, "src")).filter((f) => f.endsWith(".js")).sort();
  publish("app.js", minify(own.map((f) => read(join(HERE, "src", f))).join("\n"), "js"));
  publish("icon.svg", read(join(HERE, "src/icon.svg")));
}

function icons() {
  const drawn = ICONS.map((name) => {
    const source = modules(`@tabler/icons/icons/outline/${name}.svg`);
    const paths = [...read(source).matchAll(/<path d="([^"]+)" \/>/g)].map(([, d]) => d).join(" ");
    return `  "${name}": "${paths}",`;
  });
  const list = modules("@tabler/icons/icons.json");
  credit("@tabler/icons", list, "templates/macros/icon.html");
  writeFileSync(join(ROOT, "templates/macros/icon.html"), `{#- Made by frontend/build.mjs from Tabler icons (MIT); add a name in frontend/parts.mjs. -#}
{%- set PATHS = {
${drawn.join("\n")}
} -%}
{%- macro icon(name) -%}
<svg class="lk-icon" aria-hidden="true" focusable="false" viewBox="0 0 24 24"><path d="{{ PATHS[name] }}"/></svg>
{%- endmacro %}
`);
}

function axe() {
  const source = modules("axe-core/axe.min.js");
  credit("axe-core", source, "tests/vendor/axe.min.js");
  mkdirSync(join(ROOT, "tests/vendor"), { recursive: true });
  writeFileSync(join(ROOT, "tests/vendor/axe.min.js"), readFileSync(source));
}

function licences() {
  mkdirSync(join(VENDOR, "licences"), { recursive: true });
  const names = new Map();
  for (const { packageName } of parties) {
    const folder = modules(packageName);
    const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
    if (!file) continue;
    const text = read(join(folder, file));
    const same = [...names.values()].find((n) => n.text === text);
    const name = same?.name ?? `${packageName.replace("@", "").replace("/", "-")}.txt`;
    if (!same) writeFileSync(join(VENDOR, "licences", name), text);
    names.set(packageName, { name, text });
  }
  return names;
}

function thirdParty() {
  const texts = licences();
  const rows = parties.sort((a, b) => a.packageName.localeCompare(b.packageName)).map((p) =>
    `| ${p.packageName} | ${p.version} | ${p.license} | ${texts.has(p.packageName) ? `[text](licences/${texts.get(p.packageName).name})` : "EUPL-1.2"} | ${p.file} | \`${p.sum}\` |`);
  writeFileSync(join(VENDOR, "THIRD_PARTY.md"), `# Work of others in Loket's look

Written by \`frontend/build.mjs\`. The sum is the sha256 of the file as its makers published it (for the icons: of their index).

| Package | Version | Licence | Text | Ends up in | sha256 of the source |
|---|---|---|---|---|---|
${rows.join("\n")}
`);
}

rmSync(VENDOR, { recursive: true, force: true });
mkdirSync(VENDOR, { recursive: true });
mkdirSync(join(ROOT, "templates/macros"), { recursive: true });
styles();
scripts();
icons();
axe();
thirdParty();
writeFileSync(join(ROOT, "loket/static/manifest.json"), `${JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 2)}\n`);
