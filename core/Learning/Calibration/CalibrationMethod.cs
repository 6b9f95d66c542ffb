namespace Mlops.Core.Learning.Calibration;

/// <summary>How the probabilities of a model are corrected.</summary>
public enum CalibrationMethod
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary><see cref="PlattCalibrator"/>: few parameters, for few rows.</summary>
    Platt,

    /// <summary><see cref="IsotonicCalibrator"/>: any monotone correction, for a thousand rows and more.</summary>
    Isotonic,
}
