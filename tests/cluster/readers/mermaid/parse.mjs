// Says what kind of diagram stands on the standard input; fails where mermaid's own parser refuses it.
import { JSDOM } from "jsdom";

const { window } = new JSDOM("");
globalThis.window = window; // mermaid looks for a page
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

let text = "";
for await (const part of process.stdin) text += part;
console.log((await mermaid.parse(text)).diagramType);
