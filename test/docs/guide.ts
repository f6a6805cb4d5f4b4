import { type Block, fencedBlocks } from "../readme-blocks.ts";
import { readProjectFile } from "./generated.ts";

interface GuideBlock extends Block {
  section: string;
}

/** The fenced blocks of docs/operations.md: `sh` is for any account, `shell` for root where there is a systemd. */
export const guide: GuideBlock[] = readProjectFile("docs/operations.md")
  .split(/^#+ /m)
  .flatMap((part) => {
    const [section = ""] = part.split("\n");
    return fencedBlocks(part).map((block) => ({ section, ...block }));
  });

export function blocks(section: string, ...languages: string[]): Block[] {
  return guide.filter((block) => block.section === section && languages.includes(block.language));
}
