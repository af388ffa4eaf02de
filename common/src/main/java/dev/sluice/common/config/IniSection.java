package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;

/**
 * One section as written: {@code header} is the text between the brackets. Entries that follow an
 * include still belong to the section the include stood in. Written at boot, then read-only.
 */
record IniSection(String header, SourceLine at, List<IniEntry> entries) {

    IniSection(String header, SourceLine at) {
        this(header, at, new ArrayList<>());
    }
}
