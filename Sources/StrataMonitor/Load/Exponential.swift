#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The functions of the C library that figures are made with.
enum Exponential {
    /// e to some power.
    static func e(_ exponent: Double) -> Double { exp(exponent) }
    /// The power of e that makes a number.
    static func logarithm(_ number: Double) -> Double { log(number) }
    /// The power of ten that makes a number.
    static func logarithm10(_ number: Double) -> Double { log10(number) }
    /// A number to some power.
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}
