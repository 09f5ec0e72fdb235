// Style sheets of parts that come later.

/** Resolves once they apply; without them, too: what is shown is then plain, and still there. */
export const styled = (...names) => Promise.all(names.map(one));

function one(name) {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(`../../css/${name}.css`, import.meta.url);
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}
