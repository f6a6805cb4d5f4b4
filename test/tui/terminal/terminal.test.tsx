import { setImmediate as turnsEnd } from "node:timers/promises";
import { Text } from "ink";
import { useLayoutEffect, useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useSize, useTerminal } from "../../../tui/terminal/context.tsx";
import { useKeys } from "../../../tui/terminal/keys.tsx";
import { type MountedApp, mountApp } from "../../../tui/terminal/mount.tsx";
import { Counter } from "./counter.tsx";
import { createFakeTty } from "./fake-tty.ts";
import { createEmulator } from "./xterm.ts";

const kill = vi.spyOn(process, "kill");

beforeEach(() => {
  kill.mockReset().mockReturnValue(true);
});
afterEach(() => {
  vi.useRealTimers();
});

async function open(element: React.ReactNode) {
  const tty = createFakeTty(40, 6);
  const emulator = createEmulator(40, 6);
  await emulator.write("$ secret-free shell\r\n");
  const app: MountedApp = mountApp(element, tty);
  const show = () => emulator.write(tty.take());
  /** Waits until this is the first line. */
  const shows = (line: string) =>
    expect
      .poll(async () => {
        await show();
        return emulator.lines()[0];
      })
      .toBe(line);
  await turnsEnd();
  await show();
  return { tty, emulator, app, show, shows };
}

describe("the terminal", () => {
  it("is taken over whole, and given back as it was", async () => {
    const { tty, emulator, app, show } = await open(<Text>rk_secret</Text>);
    expect(emulator).toMatchObject({
      alternate: true,
      cursorHidden: true,
      wraps: false,
      bracketedPaste: true,
    });
    expect(emulator.lines()[0]).toBe("rk_secret");
    app.unmount();
    await app.waitUntilExit();
    await show();
    expect(emulator).toMatchObject({
      alternate: false,
      cursorHidden: false,
      wraps: true,
      bracketedPaste: false,
    });
    expect(emulator.lines()[0]).toBe("$ secret-free shell");
    expect(emulator.scrollback.join("\n")).not.toContain("rk_secret");
    expect(tty.rawModes).toEqual([true, false]);
  });

  it.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)(
    "is given back on %s, which then ends the process",
    async (signal) => {
      const { emulator, show } = await open(<Text>here</Text>);
      process.emit(signal, signal);
      await show();
      expect(emulator).toMatchObject({ alternate: false, cursorHidden: false });
      expect(kill).toHaveBeenCalledWith(process.pid, signal);
    },
  );

  it("is given back before an uncaught error is printed", async () => {
    const { emulator, show } = await open(<Text>here</Text>);
    (process as NodeJS.EventEmitter).emit("uncaughtExceptionMonitor", new Error("boom"));
    await show();
    expect(emulator.alternate).toBe(false);
  });

  it("is given back when a component throws, and the error comes out", async () => {
    function Bomb(): never {
      throw new Error("boom");
    }
    vi.spyOn(console, "error").mockImplementation(() => {});
    const tty = createFakeTty(40, 6);
    await expect(mountApp(<Bomb />, tty).waitUntilExit()).rejects.toThrow("boom");
    const emulator = createEmulator(40, 6);
    await emulator.write(tty.take());
    expect(emulator.alternate).toBe(false);
  });

  it.each(["EPIPE", "EIO"])(
    "that is gone (%s) ends the process by SIGHUP, without another byte",
    async (code) => {
      const { tty } = await open(<Text>here</Text>);
      tty.stdout.emit("error", Object.assign(new Error("gone"), { code }));
      expect(tty.take()).toBe("");
      expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, "SIGHUP");
    },
  );

  it("leaves no listeners behind", async () => {
    const before = process.listenerCount("SIGTERM") + process.listenerCount("exit");
    const { app } = await open(<Text>here</Text>);
    app.unmount();
    await app.waitUntilExit();
    expect(process.listenerCount("SIGTERM") + process.listenerCount("exit")).toBe(before);
  });
});

describe("suspending", () => {
  function Suspender() {
    const terminal = useTerminal();
    const { columns } = useSize();
    useKeys(() => {
      terminal.suspend();
      return true;
    });
    return <Text>{`${columns} wide`}</Text>;
  }

  it("gives the terminal to the shell, and comes back whole in the size it has then", async () => {
    const { tty, emulator, app, show, shows } = await open(<Suspender />);
    tty.type("\x1a");
    await show();
    expect(emulator.alternate).toBe(false);
    expect(kill).toHaveBeenCalledWith(0, "SIGTSTP");
    await emulator.write("$ something else");
    tty.resize(30, 6);
    process.emit("SIGCONT", "SIGCONT");
    await shows("30 wide");
    expect(emulator).toMatchObject({ alternate: true, bracketedPaste: true });
    expect(tty.rawModes).toEqual([true, false, true]);
    app.unmount();
  });
});

describe("lending", () => {
  it("leaves the terminal to an editor, signals included, and takes it back whole when that has ended", async () => {
    let end = () => {};
    function Lender() {
      const terminal = useTerminal();
      const [drawn, setDrawn] = useState("before");
      useKeys(() => {
        void terminal.lend(() => new Promise<void>((resolve) => (end = resolve)));
        setDrawn("meanwhile");
        return true;
      });
      return <Text>{drawn}</Text>;
    }
    const { tty, emulator, app, show, shows } = await open(<Lender />);
    tty.type("e");
    await show();
    expect(emulator.alternate).toBe(false);
    await emulator.write("the editor's screen");
    process.emit("SIGCONT", "SIGCONT");
    process.emit("SIGINT", "SIGINT");
    await show();
    expect(emulator.lines().join("\n")).toContain("the editor's screen");
    expect(kill).not.toHaveBeenCalled();

    end();
    await shows("meanwhile");
    expect(emulator).toMatchObject({ alternate: true, bracketedPaste: true });
    expect(tty.rawModes).toEqual([true, false, true]);
    app.unmount();
  });
});

describe("a mounted tree", () => {
  it("hears every key of one chunk, each on top of what the one before changed", async () => {
    const { tty, app, shows } = await open(<Counter />);
    tty.type("j".repeat(1000));
    await shows("1000 keys");
    app.unmount();
  });

  it("stays ended by the key that ended it, so that nothing of it keeps the process", async () => {
    let mounts = 0;
    const Quitter = () => {
      useLayoutEffect(() => {
        mounts += 1;
      }, []);
      useKeys(() => {
        app.unmount();
        return true;
      });
      return <Text>here</Text>;
    };
    const { app, tty } = await open(<Quitter />);
    tty.type("q");
    await app.waitUntilExit();
    expect(mounts).toBe(1);
  });

  it("is laid out anew when the terminal changes its size", async () => {
    function Ruler() {
      const { columns, rows } = useSize();
      return <Text>{`${columns}x${rows}`}</Text>;
    }
    const { tty, app, shows } = await open(<Ruler />);
    tty.resize(20, 4);
    await shows("20x4");
    app.unmount();
  });

  it("shows each frame as a whole where the terminal can (synchronized output)", async () => {
    const { tty, app } = await open(<Counter />);
    tty.type("j");
    await turnsEnd();
    expect(tty.take()).toBe("\x1b[?2026h\r1\x1b[?2026l");
    app.unmount();
  });

  it("writes nothing for a frame that looks like the one before", async () => {
    const { tty, app } = await open(<Text>here</Text>);
    tty.type("j");
    await turnsEnd();
    expect(tty.take()).toBe("");
    app.unmount();
  });

  it("copies through the terminal (OSC 52)", async () => {
    function Copier() {
      const terminal = useTerminal();
      useKeys(() => {
        terminal.copy("rk_ä");
        return true;
      });
      return <Text>copy</Text>;
    }
    const { tty, app } = await open(<Copier />);
    tty.type("y");
    expect(tty.take()).toBe("\x1b]52;c;cmtfw6Q=\x07");
    app.unmount();
  });
});
