// Measures, inside a page, the contrast of every visible text with what is painted behind it (WCAG 2.2, 1.4.3).
import type { Page } from "playwright-core";

export interface PoorContrast {
  readonly text: string;
  readonly className: string;
  readonly ratio: number;
}

/** Texts below 4.5:1. Large text would be allowed less; it is held to the same. */
export async function poorContrasts(page: Page): Promise<PoorContrast[]> {
  return await page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (canvas === null) throw new Error("the browser gives no canvas");
    const context = canvas;
    type Colour = readonly [number, number, number];

    // Painting is the one way to turn any CSS colour, also with alpha, into the colour that is seen.
    function painted(layers: readonly string[]): Colour {
      context.fillStyle = "white";
      context.fillRect(0, 0, 1, 1);
      for (const layer of layers) {
        context.fillStyle = layer;
        context.fillRect(0, 0, 1, 1);
      }
      const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
      return [red, green, blue];
    }
    function luminance(colour: Colour): number {
      const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }
    function backgroundsOf(element: Element): string[] {
      const layers: string[] = [];
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        layers.unshift(getComputedStyle(at).backgroundColor);
      }
      return layers;
    }

    const poor: { text: string; className: string; ratio: number }[] = [];
    for (const element of document.querySelectorAll("body *")) {
      const text = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim() ?? "")
        .join(" ")
        .trim();
      if (text === "" || !element.checkVisibility() || element.closest(".visually-hidden, option") !== null) continue;
      const behind = backgroundsOf(element);
      const back = luminance(painted(behind));
      const front = luminance(painted([...behind, getComputedStyle(element).color]));
      const ratio = (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
      if (ratio < 4.5) poor.push({ text: text.slice(0, 40), className: element.className, ratio });
    }
    return poor;
  });
}
