/// The curve of request rates that holds until something else was seen.
///
/// Both rows were read off the averages over block, database and web traces, which agree well in these units: they are minus
/// half the logarithm of the chance that a key isn't asked for within an octave of ages, at steps of one octave.
enum ReusePrior {
    /// For keys asked for once: the octave that begins at 1/128 of the capacity, and so on.
    private static let once: [Float] = [
        0.0060, 0.0070, 0.0086, 0.0101, 0.0127, 0.0163, 0.0204, 0.0283, 0.0417, 0.0639, 0.0813, 0.0813,
    ]
    /// For keys asked for more often: the octave that begins at 1/128 of their last gap, and so on.
    private static let again: [Float] = [
        0.0101, 0.0127, 0.0178, 0.0256, 0.0363, 0.0527, 0.1054, 0.2231, 0.2390, 0.2231, 0.1712, 0.1116, 0.0813,
    ]

    /// The expected number of requests in a half-octave bucket.
    static func rate(requestedBefore: Bool, halfOctavesFromOrigin distance: Int) -> Float {
        let row = requestedBefore ? again : once
        let place = min(max(distance + 14, 0), 2 * (row.count - 1))
        let low = row[place / 2]
        return place & 1 == 0 ? low : (low + row[place / 2 + 1]) / 2
    }
}
