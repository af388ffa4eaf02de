package dev.sluice.modules.ieee2030;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.Text;
import dev.sluice.module.Verdict;
import dev.sluice.modules.credentials.LineBudget;
import dev.sluice.modules.credentials.SideThread;
import dev.sluice.modules.credentials.Source;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/**
 * A list of devices that is asked about each request, so that one that is denied is out at once,
 * whatever connections and sessions it has.
 *
 * <p>Owner: event loop, except the file, which is the side thread's.
 */
final class Devices {

    private record Look(DeviceList list, String complaint) {}

    private final DeviceFile file;
    private final Path path;
    private final Text lfdi;
    private final SideThread side;
    private final ModuleLog log;
    private final InstantSource clock;
    private final LineBudget budget;
    private DeviceList list;
    private long lookedMs;
    private CompletableFuture<Look> looking;

    /** @param lfdi of the client's certificate, 40 digits, or nothing */
    Devices(Path path, Text lfdi, SideThread side, ModuleLog log, InstantSource clock) {
        this.path = path;
        this.file = new DeviceFile(path, clock);
        this.lfdi = lfdi;
        this.side = side;
        this.log = log;
        this.clock = clock;
        this.budget = new LineBudget(clock);
        this.lookedMs = clock.millis();
        file.look();
        this.list = file.list();
    }

    /** Lets those in that the list names. */
    Verdict onlyThese(HttpExchange x) {
        lookAgain();
        String device = x.text(lfdi);
        if (list == null) {
            return unusable(x);
        }
        if (device.isEmpty()) {
            return refused(x, "no certificate says which device it is");
        }
        return list.contains(HexFormat.of().parseHex(device)) ? Verdict.NEXT
                : refused(x, "device " + device + " is not among the devices that may come");
    }

    /** Refuses those that the list names. */
    Verdict allButThese(HttpExchange x) {
        lookAgain();
        String device = x.text(lfdi);
        if (list == null) {
            return unusable(x);
        }
        return device.isEmpty() || !list.contains(HexFormat.of().parseHex(device)) ? Verdict.NEXT
                : refused(x, "device " + device + " is denied");
    }

    private Verdict unusable(HttpExchange x) {
        if (budget.spend()) {
            log.error("the list of devices \"" + path + "\" cannot be used" + of(x));
        }
        return Verdict.respond(500);
    }

    private Verdict refused(HttpExchange x, String why) {
        if (budget.spend()) {
            log.warn(why + of(x));
        }
        return Verdict.respond(403);
    }

    private static String of(HttpExchange x) {
        return ", client: " + x.remoteAddress() + ", request: \"" + x.method() + " " + x.path()
                + "\"";
    }

    /** Reading is for the side thread; what it finds counts from the next request on. */
    private void lookAgain() {
        if (looking != null) {
            if (looking.isDone()) {
                Look found = looking.join();
                looking = null;
                list = found.list;
                if (found.complaint != null) {
                    log.warn(found.complaint);
                }
            }
            return;
        }
        long nowMs = clock.millis();
        if (Math.abs(nowMs - lookedMs) >= Source.LOOK_MS) {
            lookedMs = nowMs;
            CompletableFuture<Look> look = new CompletableFuture<>();
            if (side.submit(() -> {
                file.look();
                look.complete(new Look(file.list(), file.complaint()));
            })) {
                looking = look;
            }
        }
    }
}
