package io.millrace.rig.matrix;

import io.millrace.config.IdleMode;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.node.config.EngineKeys;
import io.millrace.receipt.SigningMode;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import io.millrace.rig.crypto.MultiplyingCrypto;
import io.millrace.rig.crypto.RepeatedCrypto;
import io.millrace.vrf.DelayPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The settings that the matrix measures: the base, and each feature switched alone to each of its other settings. */
public final class MatrixCells {
    static final String LINKS = "links";
    static final String DH = "dh";
    static final String PROVIDER = "provider";
    static final String REPLAY = "replay";
    static final String DELAY = "delay";
    static final String RECEIPTS = "receipts";
    static final String COUNTERS = "counters";
    static final String BATCH = "batch";
    static final String THREADING = "threading";
    static final String WAIT = "wait";
    static final String STATE = "state";
    static final String TOGETHER = "together";

    /** All features, in the order of the report. */
    public static final List<String> FEATURES =
            List.of(LINKS, DH, PROVIDER, REPLAY, DELAY, RECEIPTS, COUNTERS, BATCH, THREADING, WAIT, STATE, TOGETHER);

    private static final List<Integer> BATCHES = List.of(1, 4, 16, 32, 64);
    private static final List<EngineKeys.Threads> THREADINGS = List.of(
            new EngineKeys.Threads(ThreadingMode.SHARED, 1),
            new EngineKeys.Threads(ThreadingMode.SPLIT, 1),
            new EngineKeys.Threads(ThreadingMode.PARALLEL, 2));
    private static final List<String> PROVIDERS = List.of("sodium", "lanes");

    private final MatrixCell base;
    private final List<MatrixCell> rows = new ArrayList<>();

    private MatrixCells(MeasuredPath path) {
        final BatchCrypto provider = CryptoProviders.byName(path.provider());
        base = new MatrixCell(
                MatrixCell.BASE, "", path, provider, provider, path.policy() == DelayPolicy.SENDER, false, null);
    }

    /**
     * The base and the rows of these features.
     *
     * @param path of the base.
     * @param features of {@link #FEATURES}; the others are left out.
     */
    public static MatrixCells of(MeasuredPath path, Set<String> features) {
        final MatrixCells cells = new MatrixCells(path);
        cells.links();
        cells.providers();
        cells.replay();
        cells.delay();
        cells.receipts();
        cells.rows.add(cells.base.countedInAFile(COUNTERS, "in a file"));
        cells.batch();
        cells.threads();
        cells.state();
        cells.together();
        cells.rows.removeIf(row -> !features.contains(row.feature()));
        return cells;
    }

    MatrixCell base() {
        return base;
    }

    List<MatrixCell> rows() {
        return rows;
    }

    /** How receipts are signed in the base or a row. */
    Set<SigningMode> signingModes() {
        final Set<SigningMode> modes = EnumSet.noneOf(SigningMode.class);
        base.path().receipts().ifPresent(modes::add);
        rows.forEach(row -> row.path().receipts().ifPresent(modes::add));
        return modes;
    }

    private void links() {
        rows.add(base.unsealed(LINKS, "unsealed"));
    }

    private void providers() {
        rows.add(base.with(DH, "twice", new RepeatedCrypto(base.crypto())));
        for (String name : PROVIDERS) {
            available(name).ifPresent(other -> {
                rows.add(base.with(DH, name, new MultiplyingCrypto(base.crypto(), other)));
                rows.add(base.with(PROVIDER, name, other));
            });
        }
    }

    private void replay() {
        for (ReplayMode mode : ReplayMode.values()) {
            if (mode != base.path().replay()) {
                rows.add(base.with(REPLAY, mode.label(), base.path().with(mode)));
            }
        }
    }

    private void delay() {
        rows.add(base.with(DELAY, "none", base.path().with(EngineKeys.POLICY, DelayPolicy.SENDER))
                .asking(false));
        for (DelayPolicy policy : DelayPolicy.values()) {
            if (policy != base.path().policy()) {
                rows.add(base.with(DELAY, policy.label(), base.path().with(EngineKeys.POLICY, policy))
                        .asking(policy == DelayPolicy.SENDER));
            }
        }
    }

    private void receipts() {
        if (base.path().receipts().isPresent()) {
            rows.add(base.with(RECEIPTS, "none", base.path().with(Optional.empty())));
        }
        for (SigningMode mode : SigningMode.values()) {
            final Optional<SigningMode> wanted = Optional.of(mode);
            if (!wanted.equals(base.path().receipts())) {
                rows.add(base.with(
                        RECEIPTS, MatrixCell.label(wanted), base.path().with(wanted)));
            }
        }
    }

    private void batch() {
        for (int batch : BATCHES) {
            if (batch != base.path().config().batchLimit()) {
                rows.add(base.with(BATCH, Integer.toString(batch), base.path().with(EngineKeys.BATCH, batch)));
            }
        }
    }

    /** A wait mode only matters where a thread waits for another: it is compared under {@code split}. */
    private void threads() {
        MatrixCell split = base;
        for (EngineKeys.Threads threads : THREADINGS) {
            if (!threads.equals(base.path().engine().threads())) {
                final MatrixCell row =
                        base.with(THREADING, threads.toString(), base.path().with(EngineKeys.THREADING, threads));
                rows.add(row);
                if (threads.mode() == ThreadingMode.SPLIT
                        && base.path().config().threading() == ThreadingMode.SHARED) {
                    split = row;
                }
            }
        }
        for (IdleMode mode : IdleMode.values()) {
            if (mode != idleMode()) {
                rows.add(split.with(
                        WAIT,
                        mode.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        split.path().with(EngineKeys.IDLE, mode)));
            }
        }
    }

    /** All that a relay writes down, as one feature: its journal and its receipts. */
    private void state() {
        final MeasuredPath kept = base.path().with(ReplayMode.JOURNALLED).with(Optional.of(SigningMode.BATCH));
        if (base.path().replay() != ReplayMode.JOURNALLED
                || base.path().receipts().isEmpty()) {
            rows.add(base.with(STATE, "journal and receipts", kept));
        }
    }

    private void together() {
        final MeasuredPath off = base.path()
                .with(ReplayMode.NONE)
                .with(EngineKeys.POLICY, DelayPolicy.SENDER)
                .with(Optional.empty());
        rows.add(base.with(TOGETHER, "all off", off).asking(false).unsealed(TOGETHER, "all off"));
        final MeasuredPath on = base.path()
                .with(ReplayMode.JOURNALLED)
                .with(EngineKeys.POLICY, DelayPolicy.PACKET_VRF)
                .with(Optional.of(SigningMode.BATCH));
        rows.add(base.with(TOGETHER, "all on", on).asking(false));
    }

    private IdleMode idleMode() {
        return base.path().config().idleMode();
    }

    /** Another provider than the base's, if this machine runs it. */
    private Optional<BatchCrypto> available(String name) {
        if (name.equals(base.crypto().name())) {
            return Optional.empty();
        }
        try {
            return Optional.of(CryptoProviders.byName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // it says why: there is nothing to compare on this machine
        }
    }
}
