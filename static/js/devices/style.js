// The style sheet of what shows devices.

const ADDRESS = new URL("../../css/devices.css", import.meta.url);

/** Resolves once it applies; without it, too: what is shown is then plain, and still there. */
export function styled() {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = ADDRESS;
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}
