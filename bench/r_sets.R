# Writes R's data sets for accuracy.py: Rscript r_sets.R <folder>. Debian: r-cran-mlbench, r-cran-modeldata.
# Per set one CSV without header: features, then the answer; categories as codes 0, 1, …, missing values empty; index.csv says what they are.
folder <- commandArgs(trailingOnly = TRUE)[1]
sets <- list(
  mlbench = c(BostonHousing = "medv", BreastCancer = "Class", DNA = "Class", Glass = "Type", HouseVotes84 = "Class", Ionosphere = "Class",
              LetterRecognition = "lettr", Ozone = "V4", PimaIndiansDiabetes2 = "diabetes", Satellite = "classes", Shuttle = "Class", Sonar = "Class",
              Soybean = "Class", Vehicle = "Class", Vowel = "Class"),
  modeldata = c(ad_data = "Class", ames = "Sale_Price", attrition = "Attrition", biomass = "HHV", car_prices = "Price", cells = "class", concrete = "compressive_strength",
                credit_data = "Status", hpc_data = "class", lending_club = "Class", mlc_churn = "churn", penguins = "species", Sacramento = "price",
                stackoverflow = "Remote", two_class_dat = "Class", wa_churn = "churn"))
index <- NULL
for (package in names(sets)) for (name in names(sets[[package]])) {
  where <- new.env()
  data(list = name, package = package, envir = where)
  x <- as.data.frame(where[[name]])
  x <- x[, setdiff(names(x), c("Id", "sample", "case"))]  # row numbers, and a column that says train or test
  target <- sets[[package]][[name]]
  y <- x[[target]]
  x <- x[!is.na(y), setdiff(names(x), target)]
  y <- y[!is.na(y)]
  classes <- 0
  if (is.factor(y)) { y <- droplevels(y); classes <- nlevels(y); y <- as.integer(y) - 1 }
  cardinalities <- integer(0)
  for (j in names(x)) {
    v <- x[[j]]
    if (is.character(v)) v <- factor(v)
    nominal <- is.factor(v) && !is.ordered(v) && nlevels(v) > 2
    cardinalities <- c(cardinalities, if (nominal) nlevels(v) else 0)
    x[[j]] <- if (is.factor(v)) as.integer(v) - 1 else as.numeric(v)
  }
  write.table(cbind(x, y), file.path(folder, paste0(name, ".csv")), sep = ",", row.names = FALSE, col.names = FALSE, na = "")
  index <- rbind(index, data.frame(name = name, classes = classes, cardinalities = paste(cardinalities, collapse = " ")))
}
write.table(index, file.path(folder, "index.csv"), sep = ",", row.names = FALSE, col.names = FALSE, quote = FALSE)
