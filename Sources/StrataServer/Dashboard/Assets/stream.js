/// The server's events, and what to do when they end.
///
/// Read with fetch() rather than EventSource, because a refusal's reason is to be shown, and because a stream that says nothing for a while
/// counts as lost.

const silence = 5000;
const waits = [500, 1000, 2000, 4000, 8000];

/// Follows a stream for ever. Calls back with `event(name, data)` for each event, and `status(state, message)` for
/// "live", "reconnecting" and "refused".
export function follow(url, { event, status }) {
  let failures = 0;
  let wake = () => {};
  // What is due anyway is done at once when somebody looks again.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  addEventListener("online", () => wake());

  async function once() {
    const stop = new AbortController();
    let timer = 0;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), silence);
    };
    alive();
    try {
      const response = await fetch(url, { signal: stop.signal, headers: { accept: "text/event-stream" }, cache: "no-store" });
      if (!response.ok) {
        status("refused", (await response.text()).trim() || `the server answered ${response.status}`);
        return;
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        alive();
        rest += value;
        for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
          handle(rest.slice(0, end));
          rest = rest.slice(end + 2);
        }
      }
      status("reconnecting", "");
    } catch {
      status("reconnecting", "");
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  function handle(text) {
    let name = "message";
    const data = [];
    for (const line of text.split("\n")) {
      if (line.startsWith("event:")) name = line.slice(6).trim();
      else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
    }
    if (!data.length) return;
    failures = 0;
    status("live", "");
    event(name, JSON.parse(data.join("\n")));
  }

  (async () => {
    for (;;) {
      await once();
      const wait = waits[Math.min(failures, waits.length - 1)] * (0.8 + Math.random() * 0.4);
      failures += 1;
      await new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, wait);
      });
    }
  })();
}
