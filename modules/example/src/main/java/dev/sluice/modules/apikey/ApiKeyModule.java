package dev.sluice.modules.apikey;

import dev.sluice.module.Hooks;
import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Phase;
import dev.sluice.module.Route;
import dev.sluice.module.Slot;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Lets in who has a key, and tells the peer whose it is in the field X-Api-Owner. */
public final class ApiKeyModule implements SluiceModule {

    private static final Verdict NO_KEY = Verdict.respond(401)
            .with("WWW-Authenticate", "ApiKey realm=\"api\"");

    @Override
    public ModuleInstance open(ModuleContext context) {
        Slot<String> owner = context.slot();
        return (route, hooks) -> install(route, hooks, owner);
    }

    private static void install(Route route, Hooks hooks, Slot<String> owner)
            throws ModuleException {
        if (!route.settings().flag("api_key")) {
            return;
        }
        Map<String, String> owners = owners(route);
        hooks.on(Phase.ACCESS, x -> check(x, owners, owner));
        hooks.onUpstreamRequest((x, head) -> {
            head.remove("X-Api-Key");
            head.set("X-Api-Owner", x.get(owner));
        });
    }

    private static Verdict check(HttpExchange x, Map<String, String> owners, Slot<String> owner) {
        String key = x.header("X-Api-Key");
        String found = key == null ? null : owners.get(key);
        if (found == null) {
            return NO_KEY;
        }
        x.put(owner, found);
        return Verdict.NEXT;
    }

    private static Map<String, String> owners(Route route) throws ModuleException {
        if (!route.settings().has("api_key_file")) {
            throw new ModuleException("api_key is on without api_key_file");
        }
        Path file = Path.of(route.settings().text("api_key_file"));
        Map<String, String> owners = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.strip().split(" +", 2);
                if (words.length == 2) {
                    owners.put(words[0], words[1]);
                }
            }
            return owners;
        } catch (IOException e) {
            throw new ModuleException(file + " cannot be read: " + e.getMessage());
        }
    }
}
