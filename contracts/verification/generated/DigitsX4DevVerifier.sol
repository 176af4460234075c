// SPDX-License-Identifier: GPL-3.0
/*
    Copyright 2021 0KIMS association.

    This file is generated with [snarkJS](https://github.com/iden3/snarkjs).

    snarkJS is a free software: you can redistribute it and/or modify it
    under the terms of the GNU General Public License as published by
    the Free Software Foundation, either version 3 of the License, or
    (at your option) any later version.

    snarkJS is distributed in the hope that it will be useful, but WITHOUT
    ANY WARRANTY; without even the implied warranty of MERCHANTABILITY
    or FITNESS FOR A PARTICULAR PURPOSE. See the GNU General Public
    License for more details.

    You should have received a copy of the GNU General Public License
    along with snarkJS. If not, see <https://www.gnu.org/licenses/>.
*/

pragma solidity >=0.7.0 <0.9.0;

/// @notice DEVELOPMENT KEY: its secret is published, so anybody can forge proofs for it.
/// Deployment to a public network must be refused.
contract DigitsX4DevVerifier {
    // Scalar field size
    uint256 constant r    = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    // Base field size
    uint256 constant q   = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    // Verification Key data
    uint256 constant alphax  = 17284597933316017115661823257495409740032223724842740911046742858496240485657;
    uint256 constant alphay  = 6515765329594601466421031084967844872249493672290111332692496159909021295389;
    uint256 constant betax1  = 10035138554161899267820357779023502728077451214606497252887543031237682176442;
    uint256 constant betax2  = 14557660920331512581711287024648481865700753495459863948682211892338075413602;
    uint256 constant betay1  = 3268391135194745224379331868352502611461562124044069643224995741649246280531;
    uint256 constant betay2  = 7683096675722734545553947091517636294215726376521231012105763571153478248548;
    uint256 constant gammax1 = 13836367904901770650369914772386864377213213801290759064319123055134770264534;
    uint256 constant gammax2 = 8305499172402551534098181070834675138308655169712529642906796346995660068732;
    uint256 constant gammay1 = 5505876259792918799617069638837359950943555252308516806185630753689838631120;
    uint256 constant gammay2 = 8702363726367603067664987163969789847727976162364689134236701087642861665661;
    uint256 constant deltax1 = 13185971482076507291804923958865780513957099616417939648032688680583371304109;
    uint256 constant deltax2 = 5823617617147497305446043905608913891249090195714296181170018033098751288663;
    uint256 constant deltay1 = 960483956872949590115692292418061470702197780973363696495022895356433257677;
    uint256 constant deltay2 = 11903178279254532470299586419844767982832950606890105393178497859022806723985;


    uint256 constant IC0x = 16827508411608458539962754959570820082098823273457668688800803660822369740827;
    uint256 constant IC0y = 14954943773090286086721242980517772609848646089635174645958871879986730078749;

    uint256 constant IC1x = 1388442531573673803752827495277842670662077016342126371444376640374117646703;
    uint256 constant IC1y = 7674167335113990616909645100495807098886657095413965344034520072817542324922;

    uint256 constant IC2x = 11076987789506888986237532049934059092616261877927365831201964052097799044339;
    uint256 constant IC2y = 8999227809676823471953000391390510403644990080000415595946711397195757000553;

    uint256 constant IC3x = 13231290556897050339653597947969485807908070479761980798943581841218352530021;
    uint256 constant IC3y = 5102568924643471875128207299500846888227899199521434943801955215220492962932;

    uint256 constant IC4x = 15463088275287985862198286305613432244822392569210364202723807891418986439236;
    uint256 constant IC4y = 13891459338873944436876059722897499330162505676243916209276096730330938716351;

    uint256 constant IC5x = 10910751870217953171881825789049203509461036377684302597652111079056689944830;
    uint256 constant IC5y = 739264283146788660722212059875978095525002999241890178830972638390586691083;

    uint256 constant IC6x = 5171822827430430753586431860243882158266678920340808118557941894042985607338;
    uint256 constant IC6y = 17115325167986826895047489154210254823100267084336044442108551797066994549388;

    uint256 constant IC7x = 18204858713693015878180386694293442169157418820552130720073570950955576651364;
    uint256 constant IC7y = 6478367092351504739346221629725740740229408344835297030495040403697188832938;

    uint256 constant IC8x = 13359721270549406571813892821352962789681312954193126198916690745807923637649;
    uint256 constant IC8y = 604713479277353375038042419171779714794455318465907103405128172419337781371;

    uint256 constant IC9x = 19803770166962173901115048277385523699210960889103325266293517514305621045188;
    uint256 constant IC9y = 12301776658276873530676049562764951867982523921060093091370561080118035893307;


    // Memory data
    uint16 constant pVk = 0;
    uint16 constant pPairing = 128;

    uint16 constant pLastMem = 896;

    function verifyProof(uint[2] calldata _pA, uint[2][2] calldata _pB, uint[2] calldata _pC, uint[9] calldata _pubSignals) public view returns (bool) {
        assembly {
            function checkField(v) {
                if iszero(lt(v, r)) {
                    mstore(0, 0)
                    return(0, 0x20)
                }
            }

            // G1 function to multiply a G1 value(x,y) to value in an address
            function g1_mulAccC(pR, x, y, s) {
                let success
                let mIn := mload(0x40)
                mstore(mIn, x)
                mstore(add(mIn, 32), y)
                mstore(add(mIn, 64), s)

                success := staticcall(sub(gas(), 2000), 7, mIn, 96, mIn, 64)

                if iszero(success) {
                    mstore(0, 0)
                    return(0, 0x20)
                }

                mstore(add(mIn, 64), mload(pR))
                mstore(add(mIn, 96), mload(add(pR, 32)))

                success := staticcall(sub(gas(), 2000), 6, mIn, 128, pR, 64)

                if iszero(success) {
                    mstore(0, 0)
                    return(0, 0x20)
                }
            }

            function checkPairing(pA, pB, pC, pubSignals, pMem) -> isOk {
                let _pPairing := add(pMem, pPairing)
                let _pVk := add(pMem, pVk)

                mstore(_pVk, IC0x)
                mstore(add(_pVk, 32), IC0y)

                // Compute the linear combination vk_x

                g1_mulAccC(_pVk, IC1x, IC1y, calldataload(add(pubSignals, 0)))

                g1_mulAccC(_pVk, IC2x, IC2y, calldataload(add(pubSignals, 32)))

                g1_mulAccC(_pVk, IC3x, IC3y, calldataload(add(pubSignals, 64)))

                g1_mulAccC(_pVk, IC4x, IC4y, calldataload(add(pubSignals, 96)))

                g1_mulAccC(_pVk, IC5x, IC5y, calldataload(add(pubSignals, 128)))

                g1_mulAccC(_pVk, IC6x, IC6y, calldataload(add(pubSignals, 160)))

                g1_mulAccC(_pVk, IC7x, IC7y, calldataload(add(pubSignals, 192)))

                g1_mulAccC(_pVk, IC8x, IC8y, calldataload(add(pubSignals, 224)))

                g1_mulAccC(_pVk, IC9x, IC9y, calldataload(add(pubSignals, 256)))


                // -A
                mstore(_pPairing, calldataload(pA))
                mstore(add(_pPairing, 32), mod(sub(q, calldataload(add(pA, 32))), q))

                // B
                mstore(add(_pPairing, 64), calldataload(pB))
                mstore(add(_pPairing, 96), calldataload(add(pB, 32)))
                mstore(add(_pPairing, 128), calldataload(add(pB, 64)))
                mstore(add(_pPairing, 160), calldataload(add(pB, 96)))

                // alpha1
                mstore(add(_pPairing, 192), alphax)
                mstore(add(_pPairing, 224), alphay)

                // beta2
                mstore(add(_pPairing, 256), betax1)
                mstore(add(_pPairing, 288), betax2)
                mstore(add(_pPairing, 320), betay1)
                mstore(add(_pPairing, 352), betay2)

                // vk_x
                mstore(add(_pPairing, 384), mload(add(pMem, pVk)))
                mstore(add(_pPairing, 416), mload(add(pMem, add(pVk, 32))))


                // gamma2
                mstore(add(_pPairing, 448), gammax1)
                mstore(add(_pPairing, 480), gammax2)
                mstore(add(_pPairing, 512), gammay1)
                mstore(add(_pPairing, 544), gammay2)

                // C
                mstore(add(_pPairing, 576), calldataload(pC))
                mstore(add(_pPairing, 608), calldataload(add(pC, 32)))

                // delta2
                mstore(add(_pPairing, 640), deltax1)
                mstore(add(_pPairing, 672), deltax2)
                mstore(add(_pPairing, 704), deltay1)
                mstore(add(_pPairing, 736), deltay2)


                let success := staticcall(sub(gas(), 2000), 8, _pPairing, 768, _pPairing, 0x20)

                isOk := and(success, mload(_pPairing))
            }

            let pMem := mload(0x40)
            mstore(0x40, add(pMem, pLastMem))

            // Validate that all evaluations ∈ F

            checkField(calldataload(add(_pubSignals, 0)))

            checkField(calldataload(add(_pubSignals, 32)))

            checkField(calldataload(add(_pubSignals, 64)))

            checkField(calldataload(add(_pubSignals, 96)))

            checkField(calldataload(add(_pubSignals, 128)))

            checkField(calldataload(add(_pubSignals, 160)))

            checkField(calldataload(add(_pubSignals, 192)))

            checkField(calldataload(add(_pubSignals, 224)))

            checkField(calldataload(add(_pubSignals, 256)))


            // Validate all evaluations
            let isValid := checkPairing(_pA, _pB, _pC, _pubSignals, pMem)

            mstore(0, isValid)
             return(0, 0x20)
         }
     }
 }
