package dev.sluice.modules.headerssecurity;

import dev.sluice.module.HeadFields;
import dev.sluice.module.Hooks;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Route;
import dev.sluice.module.Settings;
import dev.sluice.module.SluiceModule;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Sets what a preset and the keys beside it say; all of it is put together at the start. */
public final class HeadersSecurityModule implements SluiceModule {

    private static final String[] TELLTALE = {"X-Powered-By", "X-AspNet-Version", "X-Generator"};

    @Override
    public ModuleInstance open(ModuleContext context) {
        return HeadersSecurityModule::install;
    }

    private static void install(Route route, Hooks hooks) {
        Settings settings = route.settings();
        String preset = settings.text("headers_security");
        if (preset.equals("off")) {
            return;
        }
        Map<String, String> fields = fields(preset, settings);
        String hsts = settings.has("headers_security_hsts")
                ? "max-age=" + settings.time("headers_security_hsts").toSeconds() : null;
        boolean override = settings.flag("headers_security_override");
        hooks.onResponse((x, head) -> {
            fields.forEach((name, value) -> set(head, name, value, override));
            if (hsts != null && x.secure()) {
                set(head, "Strict-Transport-Security", hsts, override);
            }
        });
        if (settings.flag("headers_security_hide")) {
            hooks.onUpstreamResponse((x, head) -> {
                for (String name : TELLTALE) {
                    head.remove(name);
                }
            });
        }
    }

    private static void set(HeadFields head, String name, String value, boolean override) {
        if (override || head.get(name) == null) {
            head.set(name, value);
        }
    }

    private static Map<String, String> fields(String preset, Settings settings) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("X-Content-Type-Options", "nosniff");
        fields.put("Referrer-Policy",
                preset.equals("basic") ? "strict-origin-when-cross-origin" : "no-referrer");
        String csp = settings.has("headers_security_csp") ? settings.text("headers_security_csp")
                : switch (preset) {
                    case "strict" -> "default-src 'self'; base-uri 'self'; form-action 'self'; "
                            + "frame-ancestors 'none'; object-src 'none'";
                    case "api" -> "default-src 'none'; frame-ancestors 'none'";
                    default -> null;
                };
        if (csp != null) {
            fields.put("Content-Security-Policy", csp);
        }
        String frame = settings.has("headers_security_frame")
                ? settings.text("headers_security_frame")
                : preset.equals("basic") ? "sameorigin" : "deny";
        if (!frame.equals("off")) {
            fields.put("X-Frame-Options", frame.toUpperCase(Locale.ROOT));
        }
        if (preset.equals("strict")) {
            fields.put("Cross-Origin-Opener-Policy", "same-origin");
            fields.put("Cross-Origin-Resource-Policy", "same-origin");
            fields.put("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        }
        return fields;
    }
}
