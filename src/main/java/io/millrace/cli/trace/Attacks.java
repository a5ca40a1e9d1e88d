package io.millrace.cli.trace;

import io.millrace.receipt.Receipt;
import io.millrace.relay.receipts.PacketReceiptOptions;
import io.millrace.vrf.EpochDelayProof;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The attackers. Each knows when packets arrived and the law of delays, exponential with a known mean, and names a next hop
 * for every packet.
 */
final class Attacks {
    /** Earlier than due, so that a slow machine loses no departure. */
    private static final double EARLY_NS = 1e6;

    /** Tags among which a receipt's packets are looked for. */
    private static final int WINDOW = 200;

    private static final int AREA_TAGS = 2_728;

    private final TracedRelay relay;
    private final double meanNs;
    private final double capNs;
    private final FoundFiles files;
    private final PacketReceiptOptions coarseness;
    private final long[] arrivedNs;
    private final int[] wire;

    Attacks(TracedRelay relay, double meanNs, FoundFiles files, PacketReceiptOptions coarseness) {
        this.coarseness = coarseness;
        this.relay = relay;
        this.meanNs = meanNs;
        this.capNs = relay.law().maxNs();
        this.files = files;
        this.arrivedNs = relay.arrivedNs();
        this.wire = wireGuesses();
    }

    /** Sees the links: for each packet the hop with the larger sum of the law's density over its departures. */
    Guesses wire() {
        return Guesses.of("links", wire, relay.hops());
    }

    /** Sees the arrivals and has the receipts: takes their packets to have left evenly since the receipt before. */
    Guesses receipts() {
        final int[] guesses = new int[arrivedNs.length];
        final long offsetNs = System.currentTimeMillis() * 1_000_000L - System.nanoTime();
        final double[][] scores = new double[TracedRelay.HOPS][arrivedNs.length];
        for (int hop = 0; hop < TracedRelay.HOPS; hop++) {
            long beforeNs = arrivedNs[0];
            for (Receipt receipt : sorted(hop)) {
                final long endNs = receipt.timestampNs() - offsetNs;
                // Packets that need not wait for others left in the period, and late by as much as a machine is.
                final double most =
                        coarseness.leastPackets() == 1 ? coarseness.period().toNanos() + EARLY_NS : Double.MAX_VALUE;
                final double width = Math.clamp((double) (endNs - beforeNs), 1e3, most);
                for (int i = 0; i < arrivedNs.length; i++) {
                    final double share =
                            leftBy((double) (endNs - arrivedNs[i])) - leftBy(endNs - width - (double) arrivedNs[i]);
                    scores[hop][i] += share * receipt.result() / width;
                }
                beforeNs = Math.max(beforeNs, endNs);
            }
        }
        for (int i = 0; i < guesses.length; i++) {
            guesses[i] = scores[1][i] > scores[0][i] ? 1 : 0;
        }
        return Guesses.of("arrivals, receipts", guesses, relay.hops());
    }

    /** Sees the links and has the files: looks for the packets of small receipts by hashing the journal's tags. */
    Guesses digests() {
        final int[] guesses = wire.clone();
        for (Map.Entry<Integer, Integer> found : traced().entrySet()) {
            guesses[found.getKey()] = found.getValue();
        }
        return Guesses.of("links, journal with its key, receipts", guesses, relay.hops());
    }

    /** Has besides the disclosure: takes the file's order for that of arrival and computes each packet's departure. */
    Guesses disclosure() {
        final int[] guesses = wire.clone();
        final EpochDelayProof proof = relay.disclosure();
        for (int i = 0; i < Math.min(guesses.length, files.tags().size()); i++) {
            final long[] tag = files.tags().get(i);
            final long dueNs = arrivedNs[i] + proof.delayOf(relay.law(), tag[0], tag[1]);
            final double first = distance(relay.leftNs(0), dueNs);
            final double second = distance(relay.leftNs(1), dueNs);
            guesses[i] = second < first ? 1 : 0;
        }
        return Guesses.of("links, journal with its key, disclosure", guesses, relay.hops());
    }

    /** Rank correlation of arrival and place within the journal's areas, in standard deviations. */
    double journalOrder() {
        final Map<Long, Integer> arrivals = new HashMap<>();
        for (int i = 0; i < arrivedNs.length; i++) {
            arrivals.put(relay.replayLows()[i], i);
        }
        double sum = 0;
        int areas = 0;
        for (int from = 0; from < files.tags().size(); from += AREA_TAGS) {
            final int to = Math.min(from + AREA_TAGS, files.tags().size());
            final int[] ranks = new int[to - from];
            for (int i = from; i < to; i++) {
                ranks[i - from] = arrivals.get(files.tags().get(i)[0]);
            }
            sum += correlation(ranks) * Math.sqrt(ranks.length);
            areas++;
        }
        return sum / Math.sqrt(areas);
    }

    private int[] wireGuesses() {
        final int[] guesses = new int[arrivedNs.length];
        final long[][] left = {relay.leftNs(0), relay.leftNs(1)};
        for (int i = 0; i < guesses.length; i++) {
            guesses[i] = likelihood(left[1], arrivedNs[i]) > likelihood(left[0], arrivedNs[i]) ? 1 : 0;
        }
        return guesses;
    }

    private double likelihood(long[] leftNs, long arrived) {
        int at = Arrays.binarySearch(leftNs, arrived);
        double sum = 0;
        for (at = at < 0 ? -at - 1 : at; at < leftNs.length && leftNs[at] - arrived <= capNs + EARLY_NS; at++) {
            sum += Math.exp(-(leftNs[at] - arrived) / meanNs);
        }
        return sum;
    }

    /** Share of packets that have left so long after they arrived. */
    private double leftBy(double afterNs) {
        return afterNs <= 0 ? 0 : 1 - Math.exp(-Math.min(afterNs, capNs) / meanNs);
    }

    private List<Receipt> sorted(int hop) {
        return files.receipts().stream()
                .filter(receipt -> receipt.actorId().equals(relay.actor(hop)))
                .sorted(Comparator.comparingLong(Receipt::timestampNs))
                .toList();
    }

    /** Packets by number of arrival and the hop that a receipt gives away, if hashes of the journal's tags give it. */
    private Map<Integer, Integer> traced() {
        final Map<Integer, Integer> traced = new HashMap<>();
        final List<Integer> open = new ArrayList<>();
        for (int i = 0; i < Math.min(arrivedNs.length, files.tags().size()); i++) {
            open.add(i);
        }
        final MessageDigest sha256 = sha256();
        for (Receipt receipt : files.receipts()) {
            final int hop = receipt.actorId().equals(relay.actor(0)) ? 0 : 1;
            final byte[] wanted =
                    HexFormat.of().parseHex(receipt.requestDigest().toString());
            for (int i = 0; receipt.result() <= 2 && i < Math.min(open.size(), WINDOW); i++) {
                for (int j = 0; j < (receipt.result() == 1 ? 1 : Math.min(open.size(), WINDOW)); j++) {
                    sha256.update(bytes(open.get(i)));
                    if (receipt.result() == 2) {
                        sha256.update(bytes(open.get(j)));
                    }
                    if (Arrays.equals(sha256.digest(), wanted)) {
                        traced.put(open.get(i), hop);
                        if (receipt.result() == 2) {
                            traced.put(open.get(j), hop);
                        }
                    }
                }
            }
            open.removeAll(traced.keySet());
        }
        return traced;
    }

    private byte[] bytes(int index) {
        final long[] tag = files.tags().get(index);
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(tag[0])
                .putLong(tag[1])
                .array();
    }

    private static double distance(long[] leftNs, long dueNs) {
        final int at = Arrays.binarySearch(leftNs, dueNs);
        final int after = at < 0 ? -at - 1 : at;
        double least = Double.MAX_VALUE;
        for (int i = Math.max(0, after - 1); i < Math.min(leftNs.length, after + 1); i++) {
            least = Math.min(least, Math.abs((double) leftNs[i] - dueNs));
        }
        return least;
    }

    private static double correlation(int[] ranks) {
        final double place = (ranks.length - 1) / 2.0;
        final double rank = Arrays.stream(ranks).average().orElse(0);
        double both = 0;
        double places = 0;
        double squares = 0;
        for (int i = 0; i < ranks.length; i++) {
            both += (i - place) * (ranks[i] - rank);
            places += (i - place) * (i - place);
            squares += (ranks[i] - rank) * (ranks[i] - rank);
        }
        return squares == 0 || places == 0 ? 0 : both / Math.sqrt(places * squares);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
