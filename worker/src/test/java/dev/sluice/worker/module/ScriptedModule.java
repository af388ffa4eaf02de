package dev.sluice.worker.module;

import dev.sluice.module.BodyOutput;
import dev.sluice.module.Hooks;
import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleCounter;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Phase;
import dev.sluice.module.RequestHook;
import dev.sluice.module.Route;
import dev.sluice.module.Slot;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Text;
import dev.sluice.module.TlsPeerHook;
import dev.sluice.module.Verdict;
import dev.sluice.module.Watched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Behaves as its key says, well or badly; loaded from a jar by a class loader of its own. */
public final class ScriptedModule implements SluiceModule {

    static final String KEYS = """
            [scripted]
            type = text
            sections = http server location
            doc = What it does.

            [greeting]
            type = text
            default = hello
            sections = module
            doc = What it says.
            """;

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Override
    public ModuleInstance open(ModuleContext context) throws ModuleException {
        String greeting = context.settings().text("greeting");
        if (greeting.equals("bad")) {
            throw new ModuleException("the greeting is bad", "greet otherwise");
        }
        Text who = context.text("$remote_addr asks $host");
        if (greeting.startsWith("/")) {
            doChores(context, greeting, context.counter("seen"));
        } else {
            context.variable("scripted_path", x -> x.header("X-Bad") == null
                    ? "<" + x.path() + ">" : "a\r\nb");
        }
        context.variables("twice_*", (x, rest) -> rest.equals("none") ? null : rest + rest);
        context.balancer("scripted_last", (upstream, peers, key) -> {
            if (key == 13) {
                throw new IllegalStateException("no luck");
            }
            return key == 14 ? peers.count() : peers.count() - 1;
        });
        ModuleCounter seen = context.counter("seen");
        if (greeting.startsWith("at the door")) {
            guardDoor(context, greeting);
        }
        return new Instance(greeting, context.slot(), who, seen,
                context.text("[$scripted_path $remote_addr $twice_ab $twice_none]"));
    }

    /** Says what the file says, and how often it was time. */
    private static void doChores(ModuleContext context, String file, ModuleCounter seen)
            throws ModuleException {
        Watched<String> said = context.watch(Path.of(file), path -> {
            String text = Files.readString(path);
            if (text.startsWith("bad")) {
                throw new IOException("it is bad");
            }
            return text;
        });
        context.variable("scripted_path", x -> String.valueOf(said.get()));
        context.every(Duration.ofMillis(200), () -> {
            seen.add(1);
            if ("throw".equals(said.get())) {
                throw new IllegalStateException("no luck");
            }
        });
    }

    private static void guardDoor(ModuleContext context, String greeting) {
        context.onConnect(connection -> {
            if (greeting.endsWith("throw")) {
                throw new IllegalStateException("no luck");
            }
            return !connection.remoteAddress().equals("192.0.2.8");
        });
        context.onTlsPeer(peer -> switch (greeting) {
            case "at the door: throw" -> throw new IllegalStateException("no luck");
            case "at the door: null" -> null;
            case "at the door: close" -> TlsPeerHook.Answer.CLOSE;
            default -> peer.certificate()[0] == 1 ? TlsPeerHook.Answer.ADMIT
                    : TlsPeerHook.Answer.FORBID;
        });
    }

    private static final class Instance implements ModuleInstance {

        private final String greeting;
        private final Slot<String> slot;
        private final Text who;
        private final ModuleCounter seen;
        private final Text named;
        private HttpExchange kept;
        private BodyOutput keptOutput;

        Instance(String greeting, Slot<String> slot, Text who, ModuleCounter seen, Text named) {
            this.seen = seen;
            this.named = named;
            this.greeting = greeting;
            this.slot = slot;
            this.who = who;
        }

        @Override
        public void install(Route route, Hooks hooks) throws ModuleException {
            if (!route.settings().has("scripted")) {
                return;
            }
            String does = route.settings().text("scripted");
            if (does.equals("server_first")) {
                if (route.ofServer()) {
                    hooks.on(Phase.POST_READ, x -> x.path().startsWith("/old/")
                            ? Verdict.reroute("/other" + x.path()) : Verdict.NEXT);
                }
                return;
            }
            switch (does) {
                case "uninstallable" -> throw new ModuleException("not in " + route.location());
                case "heads" -> {
                    hooks.onResponse((x, head) -> {
                        head.set("X-Greeting", greeting);
                        head.add("X-Greeting", String.valueOf(x.status()));
                        head.remove("X-Secret");
                    });
                    hooks.onUpstreamRequest((x, head) -> head.set("X-Who", x.text(who)));
                }
                case "framing" -> hooks.onResponse((x, head) -> head.set("Content-Length", "1"));
                case "split" -> hooks.onResponse((x, head) -> head.set("X-A", "a\r\nX-B: b"));
                case "half" -> hooks.onResponse((x, head) -> {
                    head.remove("Content-Type");
                    head.set("X-Half", "1");
                    throw new IllegalStateException("no luck");
                });
                case "variable" -> hooks.on(Phase.CONTENT, x -> respond(x.text(named)));
                case "blocking" -> hooks.blocking(Phase.ACCESS, copy -> Verdict.respond(200,
                        "text/plain", copy.method() + " " + copy.header("HOST") + " on "
                                + (Thread.currentThread().isVirtual() ? "virtual" : "loop")));
                case "blocking_throws" -> hooks.blocking(Phase.ACCESS, copy -> {
                    throw new IllegalStateException("no luck");
                });
                case "blocking_late" -> hooks.blocking(Phase.ACCESS, copy -> {
                    Thread.currentThread().join();
                    return Verdict.NEXT;
                });
                case "kept" -> {
                    hooks.on(Phase.PREACCESS, x -> {
                        kept = x;
                        x.put(slot, "of " + x.path());
                        return Verdict.NEXT;
                    });
                    hooks.on(Phase.CONTENT, x -> respond(x.get(slot) + " " + x.text(who)));
                    hooks.onLog(x -> x.put(slot, null));
                }
                case "kept_later" -> hooks.on(Phase.PREACCESS,
                        x -> respond(CompletableFuture.supplyAsync(kept::path).join()));
                default -> {
                    if (!installMore(does, hooks)) {
                        hooks.on(Phase.ACCESS, hook(does));
                    }
                }
            }
        }

        private boolean installMore(String does, Hooks hooks) {
            switch (does) {
                case "errors" -> hooks.onError((x, status) -> x.header("X-Soft") == null
                        ? Verdict.NEXT : Verdict.respond(200, "text/plain", "was " + status));
                case "error_again" -> hooks.onError((x, status) -> Verdict.respond(status + 1));
                case "kept_across" -> hooks.on(Phase.ACCESS, x -> {
                    if (kept != null) {
                        return respond(kept.path());
                    }
                    kept = x;
                    return Verdict.NEXT;
                });
                case "asks" -> hooks.on(Phase.AUTHORIZE, ScriptedModule::asks);
                case "asks_later" -> hooks.on(Phase.AUTHORIZE, x -> Verdict.suspend(
                        CompletableFuture.completedStage(ScriptedModule::asks), SECOND));
                case "asks_blocking" -> hooks.blocking(Phase.AUTHORIZE, copy ->
                        copy.header("X-Pass") == null ? Verdict.respond(403) : Verdict.NEXT);
                case "asks_never" -> hooks.on(Phase.AUTHORIZE,
                        x -> Verdict.suspend(never(), SECOND));
                case "asks_badly" -> hooks.on(Phase.AUTHORIZE, x -> Verdict.redirect(302, "a\nb"));
                case "peeks" -> hooks.on(Phase.PREACCESS, x -> Verdict.peek(4,
                        (y, bytes, complete) -> complete ? respond(bytes.remaining() + " bytes")
                                : null));
                case "peeks_late" -> hooks.on(Phase.CONTENT, x -> Verdict.peek(4,
                        (y, bytes, complete) -> Verdict.NEXT));
                case "post_read" -> hooks.on(Phase.POST_READ, x -> Verdict.NEXT);
                case "counts" -> hooks.on(Phase.ACCESS, x -> {
                    seen.add(2);
                    return x.query() == null ? Verdict.NEXT : Verdict.respond(403);
                });
                case "request_whole" -> hooks.requestBody(16, (x, body, out) ->
                        respond(body.remaining() + " bytes"));
                default -> {
                    return installBodies(does, hooks);
                }
            }
            return true;
        }

        private boolean installBodies(String does, Hooks hooks) {
            switch (does) {
                case "upper" -> hooks.responseBody((x, piece, last, out) -> {
                    byte[] bytes = new byte[piece.remaining()];
                    piece.get(bytes);
                    out.write(new String(bytes, StandardCharsets.ISO_8859_1)
                            .toUpperCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
                    if (last) {
                        out.write("!".getBytes(StandardCharsets.ISO_8859_1));
                    }
                });
                case "twofold" -> {
                    hooks.responseBody((x, piece, last, out) -> {
                        out.write(piece.duplicate());
                        out.write(piece);
                    });
                    hooks.responseBody(64, (x, all, out) -> out.write(
                            (all.remaining() + " bytes").getBytes(StandardCharsets.UTF_8)));
                }
                case "whole_small" -> hooks.responseBody(4, (x, all, out) -> out.write(all));
                case "body_throws" -> hooks.responseBody((x, piece, last, out) -> {
                    out.write(piece);
                    throw new IllegalStateException("no luck");
                });
                case "body_throws_at_end" -> hooks.responseBody((x, piece, last, out) -> {
                    out.write(piece);
                    if (last) {
                        throw new IllegalStateException("no luck");
                    }
                });
                case "throws_behind_whole" -> {
                    hooks.responseBody((x, piece, last, out) -> out.write(piece));
                    hooks.responseBody(100, (x, all, out) -> {
                        throw new IllegalStateException("no luck");
                    });
                }
                case "swallows" -> hooks.responseBody((x, piece, last, out) -> { });
                case "output_kept" -> hooks.responseBody((x, piece, last, out) -> {
                    if (keptOutput != null) {
                        keptOutput.write(piece.duplicate());
                    }
                    keptOutput = out;
                    out.write(piece);
                });
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static Verdict respond(String text) {
            return Verdict.respond(200, "text/plain", text);
        }

        private RequestHook hook(String does) {
            return switch (does) {
                case "next" -> x -> Verdict.NEXT;
                case "deny" -> x -> x.header("X-Pass") == null ? Verdict.respond(403)
                        : Verdict.NEXT;
                case "greet" -> x -> Verdict.respond(200, "text/plain", greeting)
                        .with("X-Query", String.valueOf(x.query()));
                case "redirect" -> x -> Verdict.redirect(302, "/there");
                case "reroute" -> x -> Verdict.reroute("/other/%61?q=1");
                case "reroute_badly" -> x -> Verdict.reroute("/%zz");
                case "abort" -> x -> Verdict.abort();
                case "null" -> x -> null;
                case "throw" -> x -> {
                    throw new IllegalStateException("no luck");
                };
                case "overflow" -> ScriptedModule::overflow;
                case "stall" -> x -> {
                    boolean never = new CountDownLatch(1).await(1, TimeUnit.MINUTES);
                    return never ? null : Verdict.NEXT;
                };
                case "later" -> x -> Verdict.suspend(CompletableFuture.completedStage(
                        later -> later.header("X-Pass") == null ? Verdict.respond(401)
                                : Verdict.NEXT), SECOND);
                case "fails_later" -> x -> Verdict.suspend(CompletableFuture.failedStage(
                        new IllegalStateException("no luck")), SECOND);
                case "never" -> x -> Verdict.suspend(never(), SECOND);
                case "twice" -> x -> {
                    CompletableFuture<RequestHook> stage = new CompletableFuture<>();
                    stage.complete(one -> respond("once"));
                    stage.complete(one -> respond("twice"));
                    return Verdict.suspend(stage, SECOND);
                };
                default -> throw new IllegalArgumentException(does);
            };
        }

        private static CompletionStage<RequestHook> never() {
            return new CompletableFuture<>();
        }
    }

    private static Verdict asks(HttpExchange x) {
        if (x.header("X-Broken") != null) {
            throw new IllegalStateException("no luck");
        }
        return x.header("X-Pass") != null ? Verdict.NEXT
                : Verdict.respond(401).with("WWW-Authenticate", "Scripted");
    }

    private static Verdict overflow(HttpExchange x) {
        Verdict deeper = overflow(x);
        return deeper == null ? Verdict.NEXT : deeper;
    }
}
