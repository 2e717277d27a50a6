// Builds everything a page loads: static_src and a few installed packages -> static_built.
// No bundler: styles by sass, site scripts joined, players and fonts copied as they come.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { watch } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const modules = join(root, "node_modules");
const out = join(root, "static_built");

const fontFrom = join(modules, "@fontsource/atkinson-hyperlegible-next");
const FONTS = ["latin", "latin-ext"].flatMap((subset) =>
  [400, 700].map((weight) => [
    join(fontFrom, `files/atkinson-hyperlegible-next-${subset}-${weight}-normal.woff2`),
    `fonts/atkinson-${subset}-${weight}.woff2`,
  ]),
);

const h5pFrom = join(modules, "h5p-standalone/dist");
const scormFrom = join(modules, "scorm-again");
// From h5p-standalone only the H5P core it carries is used; its own loader is left behind.
const COPIES = [
  ...FONTS,
  [join(fontFrom, "LICENSE"), "fonts/LICENSE"],
  [join(modules, "htmx.org/dist/htmx.min.js"), "js/htmx.min.js"],
  [join(h5pFrom, "frame.bundle.js"), "h5p/frame.bundle.js"],
  [join(h5pFrom, "styles"), "h5p/styles"],
  [join(h5pFrom, "fonts"), "h5p/fonts"],
  [join(h5pFrom, "images"), "h5p/images"],
  [join(scormFrom, "dist/scorm12.min.js"), "scorm/scorm12.min.js"],
  [join(scormFrom, "dist/scorm2004.min.js"), "scorm/scorm2004.min.js"],
  [join(scormFrom, "LICENSE"), "scorm/LICENSE"],
  [join(here, "img"), "img"],
];

const H5P_NOTICE = `H5P core, as distributed in the npm package h5p-standalone.
Licence: GNU General Public License v3.0 (https://www.gnu.org/licenses/gpl-3.0.html).
Source: https://github.com/h5p/h5p-php-library and https://github.com/tunapanda/h5p-standalone
It is a separate work, loaded only in the frame that plays a package.
`;

async function styles() {
  const result = sass.compile(join(here, "scss/waymark.scss"), {
    loadPaths: [modules],
    style: "compressed",
    quietDeps: true,
  });
  await writeFile(join(out, "css/waymark.css"), result.css);
}

async function scripts() {
  const site = join(here, "js/site");
  const names = (await readdir(site)).filter((name) => name.endsWith(".js")).sort();
  const parts = await Promise.all(
    names.map(async (name) => `// ${name}\n{\n${await readFile(join(site, name), "utf8")}}\n`),
  );
  await writeFile(join(out, "js/waymark.js"), parts.join(""));
  const own = (await readdir(join(here, "js"))).filter((name) => name.endsWith(".js"));
  await Promise.all(own.map((name) => cp(join(here, "js", name), join(out, "js", name))));
}

// A source map that is not shipped must not be named: the static files manifest would look for it.
async function forgetSourceMaps() {
  for (const name of ["h5p/frame.bundle.js", "scorm/scorm12.min.js", "scorm/scorm2004.min.js"]) {
    const text = await readFile(join(out, name), "utf8");
    await writeFile(join(out, name), text.replace(/^\/\/# sourceMappingURL=.*$/gm, ""));
  }
}

async function build() {
  await rm(out, { recursive: true, force: true });
  await Promise.all(
    ["css", "js", "fonts", "h5p", "scorm"].map((name) => mkdir(join(out, name), { recursive: true })),
  );
  await Promise.all(COPIES.map(([from, to]) => cp(from, join(out, to), { recursive: true })));
  await writeFile(join(out, "h5p/NOTICE.txt"), H5P_NOTICE);
  await Promise.all([styles(), scripts(), forgetSourceMaps()]);
}

await build();
console.log("Built static_built");

if (process.argv.includes("--watch")) {
  let waiting;
  watch(here, { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      try {
        await Promise.all([styles(), scripts()]);
        console.log("Rebuilt");
      } catch (error) {
        console.error(error.message);
      }
    }, 100);
  });
}
