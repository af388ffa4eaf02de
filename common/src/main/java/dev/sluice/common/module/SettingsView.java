package dev.sluice.common.module;

import dev.sluice.common.config.ModuleJar;
import dev.sluice.common.config.ModuleSettings;
import dev.sluice.module.Settings;
import java.time.Duration;
import java.util.List;

/** The settings of a module as it sees them. Immutable. */
public final class SettingsView implements Settings {

    private final ModuleJar jar;
    private final ModuleSettings settings;

    public SettingsView(ModuleJar jar, ModuleSettings settings) {
        this.jar = jar;
        this.settings = settings;
    }

    @Override
    public boolean has(String key) {
        declared(key);
        return settings.given().contains(key);
    }

    @Override
    public boolean flag(String key) {
        return value(key, Boolean.class);
    }

    @Override
    public int number(String key) {
        return value(key, Integer.class);
    }

    @Override
    public long size(String key) {
        return value(key, Long.class);
    }

    @Override
    public Duration time(String key) {
        return value(key, Duration.class);
    }

    @Override
    public String text(String key) {
        return value(key, String.class);
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<String> list(String key) {
        return (List<String>) value(key, List.class);
    }

    private String declared(String key) {
        String kind = jar.kinds().get(key);
        if (kind == null) {
            throw new IllegalArgumentException(
                    "keys.ini of " + jar.name() + " has no \"" + key + "\"");
        }
        return kind;
    }

    private <T> T value(String key, Class<T> type) {
        String declared = declared(key);
        Object value = settings.values().get(key);
        if (value == null) {
            throw new IllegalArgumentException("\"" + key + "\" of " + jar.name()
                    + " has no value here");
        }
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("\"" + key + "\" of " + jar.name() + " is "
                    + declared);
        }
        return type.cast(value);
    }
}
