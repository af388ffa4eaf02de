package dev.sluice.master.convert;

import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.master.convert.IniText.Line;
import dev.sluice.master.convert.IniText.Section;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has the table of keys look at what came out: a line that it refuses becomes a comment and a loss,
 * until nothing is refused any more. A file that is not on this machine is no loss.
 *
 * <p>Owner: the calling thread.
 */
final class Validation {

    private static final int ROUNDS_MAX = 40;
    private static final Set<String> PRIVACY =
            Set.of("proxy_cache_key", "proxy_no_cache", "proxy_cache_bypass");
    private static final Pattern UNKNOWN_VARIABLE =
            Pattern.compile("unknown variable \"\\$([A-Za-z0-9_]+)\"");

    private final IniText text;
    private final Path folder;
    private final Losses losses;

    private Validation(IniText text, Path folder, Losses losses) {
        this.text = text;
        this.folder = folder;
        this.losses = losses;
    }

    /** @param folder where relative paths start */
    static String of(IniText text, Path folder, Losses losses) {
        return new Validation(text, folder, losses).run();
    }

    private String run() {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            LoadedConfig loaded = ConfigLoader.loadText(text.render(), folder);
            boolean changed = false;
            for (ConfigError error : loaded.errors()) {
                changed |= refused(error);
            }
            if (!changed) {
                break;
            }
        }
        return text.render();
    }

    /** @return whether the text has changed */
    private boolean refused(ConfigError error) {
        Object place = text.placeOf(error.at().line());
        if (place instanceof Line line && line.isKey()) {
            return refused(line, error);
        }
        if (place instanceof Section section && !section.off) {
            section.off = true;
            losses.lost(section.of == null ? section.header + ": " + error.message()
                    : section.of.at() + ": \"" + section.of.name() + "\" is not converted: "
                            + error.message());
            return true;
        }
        return false;
    }

    private boolean refused(Line line, ConfigError error) {
        if (isMissingFile(line)) {
            losses.tell(line.of, "a file is not here: " + line.text);
            return false;
        }
        Matcher variable = UNKNOWN_VARIABLE.matcher(error.message());
        if (line.key().equals("format") && variable.find()) {
            String name = variable.group(1);
            line.text = line.text.replaceAll("\\$\\{?" + name + "\\}?(?![A-Za-z0-9_])", "-");
            losses.lost(line.of, "there is no variable $" + name + ", - stands for it");
            return true;
        }
        if (error.message().contains("does not belong in")
                && "it belongs in [http]".equals(error.help())) {
            toHttp(line);
            return true;
        }
        if (line.key().equals("when")) {
            // Without its condition the location would answer everybody.
            text.sectionOf(line).off = true;
        } else if (PRIVACY.contains(line.key())) {
            cacheNothing(text.sectionOf(line), line);
        }
        line.text = "; NOT CONVERTED: " + line.text;
        losses.lost(line.of, error.message());
        return true;
    }

    /** What kept answers of one client from others is gone: then they are not stored. */
    private void cacheNothing(Section of, Line why) {
        boolean all = !of.header.startsWith("[location ");
        for (Section section : text.sections()) {
            for (Line line : all || section == of ? section.lines : List.<Line>of()) {
                if (line.isKey() && line.key().equals("proxy_cache")
                        && !line.value().equals("off")) {
                    line.text = "; NOT CONVERTED, without " + why.key() + ": " + line.text;
                    losses.lost(line.of, "nothing is stored without " + why.key());
                }
            }
        }
        if (!all) {
            of.addText(new NginxDirective("proxy_cache", List.of(), null, List.of(), why.of.at()),
                    "proxy_cache", "off");
        }
    }

    /** What nginx lets a server say is said for all of them here: the first one does. */
    private void toHttp(Line line) {
        Section http = text.sections().stream()
                .filter(section -> section.header.equals("[http]")).findFirst().orElseThrow();
        if (http.has(line.key())) {
            losses.tell(line.of, "it is said once, for all servers");
        } else {
            losses.tell(line.of, "it is said in [http], for all servers");
            http.addText(new NginxDirective(line.of.name(), line.of.args(), null, List.of(),
                    line.of.at()), line.key(),
                    line.value());
        }
        line.text = "; in [http]: " + line.text;
    }

    private boolean isMissingFile(Line line) {
        String value = line.value();
        for (String word : List.of(value.split(" "))) {
            try {
                boolean path = word.startsWith("/") && word.length() > 1 || word.endsWith(".pem")
                        || word.endsWith(".crt") || word.endsWith(".key");
                boolean file = line.key().startsWith("ssl_") || line.key().equals("root")
                        || line.key().equals("alias") || line.key().equals("auth_basic_user_file")
                        || line.key().startsWith("proxy_ssl_");
                if (path && file && word.indexOf('$') < 0
                        && Files.notExists(folder.resolve(word))) {
                    return true;
                }
            } catch (InvalidPathException noPath) {
                continue;
            }
        }
        return false;
    }
}
